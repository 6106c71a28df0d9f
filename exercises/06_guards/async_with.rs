//! async_with: the block that cannot forget, as a function.
//!
//! You know this from asyncio:
//!
//!     @asynccontextmanager
//!     async def connection(db):
//!         c = await connect(db)
//!         try:
//!             yield c               # the body of `async with` runs here
//!         finally:
//!             await c.close()       # after a value, an error, a bug or a cancel
//!
//! Rust has no such block. But a function can take the body as an argument:
//!
//!     with_connection(&db, async |c| c.query("SELECT 1").await).await
//!
//! Now no caller can forget the close, since there is no close to be called. And none
//! can keep the connection, since the body only borrows it. All the care is here, in
//! one place, and so it has to be complete.
//!
//! The body is somebody else's code. It may return, fail, or panic. It may never come
//! to an end, and be dropped by whoever waits for it. And it must be possible to spawn
//! the whole, as it is with every good async function.

use kit::fake::{Db, DbError, Session};

/// What a body gets lent. Add what you need, as in `db_connection`: there you have
/// written how a session ends on the way on which nothing can be awaited.
pub struct Connection {
    session: Session,
}

impl Connection {
    /// Sends one query and returns its answer; takes 1 s.
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }
}

/// Why `with_connection` has no value to give. Leave this one as it is.
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
///
/// - However the body comes to its end, the session is then closed in order: once,
///   which takes 0.3 s. Only after that this returns.
/// - A close that fails has closed nothing. Then the session is abandoned.
/// - If the body panics, the session is closed all the same, and then that very panic
///   goes on. So it does if the close fails. A body that is an ordinary function can
///   panic already when it is called.
/// - If this future is dropped half-way, be it while it connects, in the body, or in
///   the close, nothing can be awaited. The session has ended when that drop returns,
///   wherever it is dropped: inside a runtime or outside.
///
/// Nothing begins before the first poll. It is Send if the body and the results are.
pub async fn with_connection<T, E>(
    db: &Db,
    body: impl AsyncFnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, WithError<E>> {
    let _ = (db, body);
    todo!("connect, run the body, close, and only then look at what there was")
}
