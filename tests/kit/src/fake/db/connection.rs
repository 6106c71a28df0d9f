//! A connection that is safe to drop, for those who lend it to others.

use super::{Db, DbError, Session};

/// An open connection to the fake database: a [`Session`] that ends by itself.
///
/// What [`close`](Connection::close) has not closed, `Drop` abandons, so no session
/// of a connection stays open for good. It can answer only one query at a time,
/// and there it is as simple-minded as its session: see
/// [`is_clean`](Connection::is_clean).
#[derive(Debug)]
pub struct Connection {
    session: Session,
    ended: bool,
    /// Answers that are still to be read.
    unread: usize,
}

impl Connection {
    /// Connects; takes 0.5 s. Dropped half-way, it leaves no session open.
    ///
    /// # Errors
    /// [`DbError::Refused`].
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session(), ended: false, unread: 0 };
        connection.session.connect().await?;
        Ok(connection)
    }

    /// Sends a query and reads one answer; takes 1 s.
    ///
    /// # Errors
    /// [`DbError::QueryFailed`]: the connection is still good.
    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.unread += 1;
        let answer = self.session.query(sql).await;
        self.unread -= 1;
        answer
    }

    /// Whether the answer to every query has been read.
    ///
    /// A query that was dropped half-way leaves its answer in the line. Whoever
    /// asks next on this connection reads that one, and from then on everybody
    /// has the answer to somebody else's question.
    pub fn is_clean(&self) -> bool {
        self.unread == 0
    }

    /// Closes the session in order; takes 0.3 s. If that fails, or is dropped
    /// half-way, the session is abandoned.
    ///
    /// # Errors
    /// [`DbError::CloseFailed`].
    pub async fn close(mut self) -> Result<(), DbError> {
        self.session.close().await?;
        self.ended = true;
        Ok(())
    }

    /// The number of its session, from 1.
    pub fn number(&self) -> usize {
        self.session.number()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.ended {
            self.session.abandon();
        }
    }
}
