//! transaction: what was begun is committed, or never was.
//!
//! You know this from asyncio:
//!
//!     async with connection.transaction():       # BEGIN
//!         await connection.execute("take 5 from Ann")
//!         await connection.execute("give 5 to Bob")
//!     # COMMIT; after an error or a cancel: ROLLBACK, and that is awaited
//!
//! In Rust a transaction can be dropped at every await, and Drop cannot await a
//! ROLLBACK. It has no need to. The harm that an open transaction does comes later: the
//! next statement becomes part of it, and is undone with it. So it is enough if that
//! statement sends the ROLLBACK first. It can await.
//!
//! `session.execute(sql)` sends any statement: `BEGIN`, `COMMIT` and `ROLLBACK`, too.
//! The server has it from the first poll on, whether anybody waits for the answer or
//! not. A ROLLBACK where nothing is open does nothing, and costs a second.

use kit::fake::{Db, DbError, Session};

/// An open connection. When it is dropped, its session ends, and what is open in it.
pub struct Connection {
    session: Session,
    // TODO: what must the next statement know?
}

impl Connection {
    /// Connects; takes 0.5 s.
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session() };
        connection.session.connect().await?;
        Ok(connection)
    }

    /// Sends one statement outside of a transaction; takes 1 s. What it changes is
    /// changed for good.
    ///
    /// If a transaction was left open before, one ROLLBACK goes first, and takes 1 s
    /// more. If that fails, its error is returned, and the statement is not sent. Where
    /// none was left open, nothing goes first; only after a BEGIN that has failed a
    /// ROLLBACK may.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        let _ = (&self.session, sql);
        todo!("clean up if need be, then send")
    }

    /// Begins a transaction; takes 1 s. A ROLLBACK goes first, as in `execute`.
    ///
    /// If it fails or is dropped half-way, no statement after it becomes part of a
    /// transaction that nobody has.
    pub async fn begin(&mut self) -> Result<Transaction<'_>, DbError> {
        todo!("clean up if need be, then BEGIN")
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.session.abandon();
    }
}

/// A transaction. It has the connection for itself, as long as it is there.
///
/// If it goes away without an answer to its COMMIT or ROLLBACK, then it was left open.
/// That is so after a drop, an error, a panic, and a `commit` that was dropped half-way
/// or has failed. When it goes away, nothing is sent and no task is begun: it works
/// without a runtime, too.
pub struct Transaction<'c> {
    connection: &'c mut Connection,
}

impl Transaction<'_> {
    /// Sends one statement inside of the transaction; takes 1 s. After an error the
    /// transaction goes on.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        let _ = (&self.connection, sql);
        todo!("send it")
    }

    /// Keeps what was changed; takes 1 s. After that nothing is left to clean up.
    ///
    /// If it fails, nothing was kept, and the transaction is still open on the server.
    pub async fn commit(self) -> Result<(), DbError> {
        todo!("COMMIT")
    }

    /// Undoes what was changed; takes 1 s. After that nothing is left to clean up.
    pub async fn rollback(self) -> Result<(), DbError> {
        todo!("ROLLBACK")
    }
}
