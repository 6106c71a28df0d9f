//! "The sooner it connects, the better": at the call, whether anybody awaits or not.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;
use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Session,
    ended: bool,
}

impl Connection {
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.ended {
            self.session.abandon();
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

pub fn with_connection<T, E>(
    db: &Db,
    body: impl AsyncFnOnce(&mut Connection) -> Result<T, E>,
) -> impl Future<Output = Result<T, WithError<E>>> {
    let mut connection = Connection { session: db.session(), ended: false };
    let session = connection.session.clone();
    let connecting = tokio::spawn(async move { session.connect().await });
    async move {
        connecting.await.expect("no panic").map_err(WithError::Connect)?;
        let done = AssertUnwindSafe(async { body(&mut connection).await }).catch_unwind().await;
        let closed = connection.session.close().await;
        connection.ended = closed.is_ok();
        let done = done.unwrap_or_else(|panic| resume_unwind(panic));
        match (done, closed) {
            (Ok(value), Ok(())) => Ok(value),
            (Ok(_), Err(closing)) => Err(WithError::Close(closing)),
            (Err(error), Ok(())) => Err(WithError::Body(error)),
            (Err(error), Err(closing)) => Err(WithError::Both(error, closing)),
        }
    }
}
