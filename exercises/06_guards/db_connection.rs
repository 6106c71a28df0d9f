//! db_connection: a connection that always comes to an end.
//!
//! You know this from asyncio:
//!
//!     async with AsyncDatabaseConnection() as db:        # awaits __aenter__
//!         users = await db.query("SELECT * FROM users")
//!     # __aexit__ was awaited here: after an error, and after a cancel, too
//!
//! Rust has no `async with`, and `Drop` cannot await. So one connection needs
//! two ways to end. `close` does it in order and takes its time. `Drop` is for
//! every other way out: an early return, a panic, a future that is dropped
//! half-way. The two must not both happen.
//!
//! `kit::fake::Session` is the raw handle: `connect`, `query` and `close` are
//! async, `abandon` is an ordinary function. Like a file descriptor it ends
//! nothing by itself, and the server keeps books. Write what makes it safe.

use kit::fake::{Db, DbError, Session};

/// An open connection. However it goes away, its session ends exactly once.
pub struct Connection {
    session: Session,
    // TODO: what else must Drop know?
}

impl Connection {
    /// Connects, with a new `db.session()`; takes 0.5 s.
    ///
    /// If its future is dropped half-way, no session stays open on the server,
    /// which holds one from the moment when it is asked.
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let _ = db;
        todo!("connect a session")
    }

    /// Sends one query and returns its answer; takes 1 s.
    ///
    /// After an error the connection is still good. If the future is dropped
    /// half-way, the connection can still be closed.
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        let _ = (&self.session, sql);
        todo!("pass the query on")
    }

    /// Closes the session in order; takes 0.3 s.
    ///
    /// If that fails, the session is still open: it is abandoned and the error
    /// returned. If the future is dropped half-way, the session ends all the same.
    pub async fn close(self) -> Result<(), DbError> {
        todo!("close the session, once")
    }
}

impl Drop for Connection {
    /// Abandons the session if it has not ended; when this returns, it has.
    ///
    /// Works anywhere: in a task, without a runtime, in one that shuts down.
    /// So it starts no task, waits for nothing, and does not panic.
    fn drop(&mut self) {
        // TODO
    }
}

/// Asks for `SELECT * FROM users`, then for `SELECT * FROM orders`, and closes.
///
/// After a failed query the connection is closed in order, too, and the error
/// of the query is the one to return. The error of `close` comes second.
pub async fn demo(db: &Db) -> Result<Vec<String>, DbError> {
    let _ = db;
    todo!("connect, ask twice, close")
}
