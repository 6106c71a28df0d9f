//! The panic is caught in each poll, with `catch_unwind` of std; the call is caught apart.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::task::Poll;
use std::thread;

use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Option<Session>,
}

impl Connection {
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.raw().query(sql).await
    }

    fn raw(&self) -> &Session {
        self.session.as_ref().expect("taken at the end only")
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            session.abandon();
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithError<E> {
    Connect(DbError),
    Body(E),
    Close(DbError),
    Both(E, DbError),
}

async fn caught<F: Future>(build: impl FnOnce() -> F) -> thread::Result<F::Output> {
    let mut future = pin!(catch_unwind(AssertUnwindSafe(build))?);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}

pub async fn with_connection<T, E>(
    db: &Db,
    body: impl AsyncFnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, WithError<E>> {
    let mut connection = Connection { session: Some(db.session()) };
    connection.raw().connect().await.map_err(WithError::Connect)?;
    let done = caught(|| body(&mut connection)).await;
    let closed = connection.raw().close().await;
    if closed.is_ok() {
        connection.session = None;
    }
    match done {
        Err(panic) => resume_unwind(panic),
        Ok(Ok(value)) => closed.map(|()| value).map_err(WithError::Close),
        Ok(Err(error)) => Err(match closed {
            Ok(()) => WithError::Body(error),
            Err(closing) => WithError::Both(error, closing),
        }),
    }
}
