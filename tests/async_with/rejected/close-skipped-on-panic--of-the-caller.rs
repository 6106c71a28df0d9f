//! "A panic is on its way already, so Drop keeps out of it": when it is the caller's.

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

    async fn close(&mut self) -> Result<(), DbError> {
        self.session.close().await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.ended && !std::thread::panicking() {
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
    let mut connection = Connection { session: db.session(), ended: false };
    connection.session.connect().await.map_err(WithError::Connect)?;

    let whole_body = async { body(&mut connection).await };
    let done = AssertUnwindSafe(whole_body).catch_unwind().await;

    let closed = connection.close().await;
    if closed.is_err() {
        connection.session.abandon();
        connection.ended = true;
    }

    match (done.unwrap_or_else(|panic| resume_unwind(panic)), closed) {
        (Ok(value), Ok(())) => Ok(value),
        (Ok(_), Err(closing)) => Err(WithError::Close(closing)),
        (Err(error), Ok(())) => Err(WithError::Body(error)),
        (Err(error), Err(closing)) => Err(WithError::Both(error, closing)),
    }
}
