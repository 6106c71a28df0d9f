//! db_connection: the reference answer.
//!
//! Two ways to end, and one flag between them. `close` is the good way, because
//! it can await. `Drop` is the sure way, because nothing gets past it: not `?`,
//! not a panic, not a future that is dropped half-way.

use kit::fake::{Db, DbError, Session};

/// An open connection. However it goes away, its session ends exactly once.
pub struct Connection {
    session: Session,
    /// Set once the session was closed in order: then Drop has nothing to do.
    ended: bool,
}

impl Connection {
    /// Connects, with a new `db.session()`; takes 0.5 s.
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        // The guard comes first, the await second. Whoever drops this future at
        // the await drops `connection` with it, and its Drop cleans up. Built
        // after the await, it would not exist yet.
        let connection = Connection { session: db.session(), ended: false };
        // Refused? Then Drop abandons a session that never was: no harm done.
        connection.session.connect().await?;
        Ok(connection)
    }

    /// Sends one query and returns its answer; takes 1 s.
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        // `&mut self` although `&self` would compile: a session can answer only
        // one query at a time, and now the compiler sees to that.
        self.session.query(sql).await
    }

    /// Closes the session in order; takes 0.3 s.
    ///
    /// Takes `self`, so a query after the close does not compile.
    pub async fn close(mut self) -> Result<(), DbError> {
        self.session.close().await?;
        // Only now, when the answer is here. A line earlier, a close that fails
        // or is dropped half-way would leave the session open for good.
        self.ended = true;
        Ok(())
    } // Drop runs here too, as after every method that takes `self`.
}

impl Drop for Connection {
    /// Abandons the session if it has not ended.
    fn drop(&mut self) {
        // No await, no task, no runtime: only what an ordinary function can do.
        if !self.ended {
            self.session.abandon();
        }
    }
}

/// Asks for `SELECT * FROM users`, then for `SELECT * FROM orders`, and closes.
pub async fn demo(db: &Db) -> Result<Vec<String>, DbError> {
    let mut connection = Connection::connect(db).await?;
    // The `?`s of the body leave the body only, so every way leads to `close`.
    let pages = ask(&mut connection).await;
    let closed = connection.close().await;
    // Now look at the results. The first error tells what went wrong.
    let pages = pages?;
    closed?;
    Ok(pages)
}

/// What would stand inside `async with`.
async fn ask(connection: &mut Connection) -> Result<Vec<String>, DbError> {
    let users = connection.query("SELECT * FROM users").await?;
    let orders = connection.query("SELECT * FROM orders").await?;
    Ok(vec![users, orders])
}
