//! A guard of its own, which is forgotten after a good close. The connection has no Drop,
//! and lives in the future of the body.

use std::panic::{AssertUnwindSafe, resume_unwind};

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithError<E> {
    Connect(DbError),
    Body(E),
    Close(DbError),
    Both(E, DbError),
}

struct Abandons(Session);

impl Drop for Abandons {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

pub async fn with_connection<T, E>(
    db: &Db,
    body: impl AsyncFnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, WithError<E>> {
    let guard = Abandons(db.session());
    guard.0.connect().await.map_err(WithError::Connect)?;
    let mut connection = Connection { session: guard.0.clone() };
    let whole = async move { body(&mut connection).await };
    let done = AssertUnwindSafe(whole).catch_unwind().await;
    let closed = match guard.0.close().await {
        Ok(()) => {
            std::mem::forget(guard);
            Ok(())
        }
        Err(closing) => {
            drop(guard);
            Err(closing)
        }
    };
    match done {
        Ok(Ok(value)) => closed.map(|()| value).map_err(WithError::Close),
        Ok(Err(error)) => Err(match closed {
            Ok(()) => WithError::Body(error),
            Err(closing) => WithError::Both(error, closing),
        }),
        Err(panic) => resume_unwind(panic),
    }
}
