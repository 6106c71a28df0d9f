//! async_with: the reference answer.
//!
//! The block has become a function, and its body an argument. Whoever calls it
//! cannot forget the close, and cannot keep the connection. All the care that it
//! takes stands here, once.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;
use kit::fake::{Db, DbError, Session};

/// What a body gets lent.
pub struct Connection {
    session: Session,
    /// Set once the session was closed in order: then Drop has nothing to do.
    ended: bool,
}

impl Connection {
    /// Sends one query and returns its answer; takes 1 s.
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }

    /// Not `pub`: to close is not for the body.
    async fn close(&mut self) -> Result<(), DbError> {
        self.session.close().await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Connection {
    /// For the one way out on which nothing can be awaited: the future is dropped.
    fn drop(&mut self) {
        if !self.ended {
            self.session.abandon();
        }
    }
}

/// Why `with_connection` has no value to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithError<E> {
    /// There is no connection, and the body was never called.
    Connect(DbError),
    /// The body gave this error. The close went well.
    Body(E),
    /// The body gave a value, and then the close failed.
    Close(DbError),
    /// The body gave the first error, and then the close failed with the second.
    Both(E, DbError),
}

/// Connects, lends the connection to `body`, and closes.
pub async fn with_connection<T, E>(
    db: &Db,
    body: impl AsyncFnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, WithError<E>> {
    // First the guard, then the await: as in `db_connection`.
    let mut connection = Connection { session: db.session(), ended: false };
    connection.session.connect().await.map_err(WithError::Connect)?;

    // Whatever the body does, it ends here, as a value: its `?`, its `return`, and
    // its panic. Inside the block stands the call, too. An ordinary function may
    // panic before it has given a future at all.
    let whole_body = async { body(&mut connection).await };
    // The compiler asks whether something half-done could be seen after a panic.
    // Yes: a session in the middle of its work. And all that is done with it is to
    // close it.
    let done = AssertUnwindSafe(whole_body).catch_unwind().await;

    // So every way leads to this line, except for one: to be dropped.
    let closed = connection.close().await;

    // And only now look at what there was. The panic goes on as if it had never
    // been caught.
    match (done.unwrap_or_else(|panic| resume_unwind(panic)), closed) {
        (Ok(value), Ok(())) => Ok(value),
        (Ok(_), Err(closing)) => Err(WithError::Close(closing)),
        (Err(error), Ok(())) => Err(WithError::Body(error)),
        (Err(error), Err(closing)) => Err(WithError::Both(error, closing)),
    }
}
