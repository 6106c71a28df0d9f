//! No await after the connect: combinators, and an AtomicBool that guard and close share.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::{FutureExt, TryFutureExt};
use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Session,
    armed: Arc<AtomicBool>,
}

impl Connection {
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.armed.swap(false, Ordering::SeqCst) {
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
    let session = db.session();
    let armed = Arc::new(AtomicBool::new(true));
    let mut connection = Connection { session: session.clone(), armed: armed.clone() };
    session.connect().map_err(WithError::Connect).await?;
    AssertUnwindSafe(async { body(&mut connection).await })
        .catch_unwind()
        .then(|done| {
            let closing = session.close().inspect_ok(|()| armed.store(false, Ordering::SeqCst));
            closing.map(|closed| match (done, closed) {
                (Err(panic), _) => resume_unwind(panic),
                (Ok(done), Ok(())) => done.map_err(WithError::Body),
                (Ok(Ok(_)), Err(closing)) => Err(WithError::Close(closing)),
                (Ok(Err(error)), Err(closing)) => Err(WithError::Both(error, closing)),
            })
        })
        .await
}
