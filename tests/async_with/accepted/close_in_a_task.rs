//! The close runs in a task that is aborted with its set. The guard stays outside, and
//! the connection is the one of db_connection, with a `close` that takes it.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;
use kit::fake::{Db, DbError, Session};
use tokio::task::JoinSet;

pub struct Connection {
    session: Session,
    ended: bool,
}

impl Connection {
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }
}

impl Connection {
    async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session(), ended: false };
        connection.session.connect().await?;
        Ok(connection)
    }

    async fn close(mut self) -> Result<(), DbError> {
        let session = self.session.clone();
        let mut task = JoinSet::new();
        task.spawn(async move { session.close().await });
        task.join_next().await.expect("one task").unwrap_or(Err(DbError::CloseFailed))?;
        self.ended = true;
        Ok(())
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

pub async fn with_connection<T, E>(
    db: &Db,
    body: impl AsyncFnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, WithError<E>> {
    let mut connection = Connection::connect(db).await.map_err(WithError::Connect)?;
    let body = AssertUnwindSafe(async { body(&mut connection).await }).catch_unwind();
    match body.await {
        Err(panic) => {
            let _ = connection.close().await;
            resume_unwind(panic);
        }
        Ok(Err(error)) => match connection.close().await {
            Ok(()) => Err(WithError::Body(error)),
            Err(closing) => Err(WithError::Both(error, closing)),
        },
        Ok(Ok(value)) => {
            connection.close().await.map_err(WithError::Close)?;
            Ok(value)
        }
    }
}
