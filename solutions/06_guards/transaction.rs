//! transaction: the reference answer.
//!
//! Drop cannot send a ROLLBACK: to send is to await. But nobody is in a hurry. It is
//! enough that the ROLLBACK comes before whatever is sent next. So a note is left in the
//! connection, and whoever sends the next statement reads it.

use kit::fake::{Db, DbError, Session};

/// An open connection.
pub struct Connection {
    session: Session,
    /// A transaction may be open on the server that nobody wants any more. Set before
    /// a BEGIN is sent, taken back when the end of it was answered: so it is true at
    /// every await in between, wherever the future is dropped.
    in_doubt: bool,
}

impl Connection {
    /// Connects; takes 0.5 s.
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session(), in_doubt: false };
        connection.session.connect().await?;
        Ok(connection)
    }

    /// Sends one statement outside of a transaction; takes 1 s.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.roll_back().await?;
        self.session.execute(sql).await
    }

    /// Begins a transaction; takes 1 s.
    pub async fn begin(&mut self) -> Result<Transaction<'_>, DbError> {
        self.roll_back().await?;
        // The note first, the await second: dropped in between, the server may have
        // begun. If the BEGIN fails, the note stays, and a ROLLBACK too many will be sent.
        self.in_doubt = true;
        self.session.execute("BEGIN").await?;
        Ok(Transaction { connection: self })
    }

    /// Undoes what a transaction has left behind, if one has.
    async fn roll_back(&mut self) -> Result<(), DbError> {
        if self.in_doubt {
            self.end("ROLLBACK").await?;
        }
        Ok(())
    }

    /// Ends the transaction. Only what was answered has happened.
    async fn end(&mut self, sql: &str) -> Result<(), DbError> {
        self.session.execute(sql).await?;
        self.in_doubt = false;
        Ok(())
    }
}

impl Drop for Connection {
    /// Ends the session, and with it whatever is open in it.
    fn drop(&mut self) {
        self.session.abandon();
    }
}

/// A transaction. It has the connection for itself, as long as it is there.
pub struct Transaction<'c> {
    connection: &'c mut Connection,
}

impl Transaction<'_> {
    /// Sends one statement inside of the transaction; takes 1 s.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.connection.session.execute(sql).await
    }

    /// Keeps what was changed; takes 1 s.
    pub async fn commit(self) -> Result<(), DbError> {
        self.connection.end("COMMIT").await
    }

    /// Undoes what was changed; takes 1 s.
    pub async fn rollback(self) -> Result<(), DbError> {
        self.connection.end("ROLLBACK").await
    }
}

// No Drop: the note was there all the time, and is taken back only by an answer. A
// Transaction that is forgotten, dropped or leaked leaves it as it is.
