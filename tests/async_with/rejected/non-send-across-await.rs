//! "An Rc is enough for a flag": of a future that must not change threads.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;

use futures::FutureExt;
use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Session,
}

impl Connection {
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }
}

struct Guard {
    session: Session,
    ended: Rc<Cell<bool>>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.ended.get() {
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

pub async fn with_connection<T, E>(
    db: &Db,
    body: impl AsyncFnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, WithError<E>> {
    let mut connection = Connection { session: db.session() };
    let ended = Rc::new(Cell::new(false));
    let _guard = Guard { session: connection.session.clone(), ended: ended.clone() };
    connection.session.connect().await.map_err(WithError::Connect)?;
    let done = AssertUnwindSafe(async { body(&mut connection).await }).catch_unwind().await;
    let closed = connection.session.close().await;
    ended.set(closed.is_ok());
    let done = done.unwrap_or_else(|panic| resume_unwind(panic));
    match (done, closed) {
        (Ok(value), Ok(())) => Ok(value),
        (Ok(_), Err(closing)) => Err(WithError::Close(closing)),
        (Err(error), Ok(())) => Err(WithError::Body(error)),
        (Err(error), Err(closing)) => Err(WithError::Both(error, closing)),
    }
}
