//! pool: a few connections for many.
//!
//! You know this from asyncpg:
//!
//!     pool = await asyncpg.create_pool(max_size=2)
//!     async with pool.acquire() as db:        # waits if both are lent
//!         users = await db.fetch("SELECT * FROM users")
//!     await pool.close()                      # waits for those who still have one
//!
//! To connect is slow, and a server takes only so many. So a pool lends out what it has:
//!
//!                  acquire().await                    dropped
//!     idle ───────────────────────────▶ lent ────────────────────────▶ idle again
//!       ▲                                 │ half-way through a query,
//!       └── nobody idle, and room left:   │ or discard()
//!           connect a new one             └─────────────────────────▶ gone, and there is room
//!
//! What is lent comes back by `Drop`: after a value, after `?`, after a panic, and when
//! the borrower's future is dropped half-way. `Drop` cannot await, and it must not
//! believe that what comes back is whole.
//!
//! `kit::fake::Connection` is whole by itself, as the one in `db_connection`: it ends
//! its session when it is dropped, `close` ends it in order, and `is_clean` tells
//! whether all its answers have been read.

use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};

use kit::fake::{Connection, Db, DbError};

/// Lends out connections, never more than so many. To be shared by reference or in
/// an `Arc`, by tasks on any thread.
pub struct Pool {
    // TODO: who has what, and who waits?
    db: Db,
    max: NonZeroUsize,
}

/// A connection that is lent. When it is dropped, it is back in its pool at once.
///
/// It does not borrow the pool, so that a task may own it; and it works as well when
/// the `Pool` itself has been dropped. Then the last one to come back leaves no session
/// open.
pub struct Pooled {
    connection: Connection,
    // TODO: what does Drop need?
}

impl Pool {
    /// A pool for `db` that never has more than `max` sessions, whatever they are doing:
    /// connecting, lent, idle or closing. It begins with none.
    pub fn new(db: Db, max: NonZeroUsize) -> Self {
        Pool { db, max }
    }

    /// Borrows a connection.
    ///
    /// - If one is idle, that one, at once. It does not wait for others who connect.
    /// - If none is idle and there is room, a new one; that takes 0.5 s. Two who need
    ///   a new one do not wait for each other.
    /// - Else it waits until one comes back or goes. First come, first served: who
    ///   asks later does not overtake.
    ///
    /// If connecting fails, the error is returned, and there is room again. When the
    /// future is dropped, wherever it was, nothing is lost: no connection, no room, and
    /// nobody else's turn.
    ///
    /// After [`close`](Pool::close) was called: `DbError::NotOpen`, for those as well
    /// who are waiting then.
    pub async fn acquire(&self) -> Result<Pooled, DbError> {
        let _ = (&self.db, self.max);
        todo!("wait for room, take an idle one or connect")
    }

    /// How many connections are idle now.
    pub fn idle(&self) -> usize {
        todo!("count them")
    }

    /// Lends out nothing any more, waits until everything has come back or is gone, and
    /// closes all connections in order. Whoever has borrowed one is not disturbed.
    ///
    /// When this returns, no session is open, also if closing one has failed. It may be
    /// called again, even at the same time: each call returns when all is over. When
    /// its future is dropped half-way, the pool lends out nothing, and another call
    /// finishes the work.
    pub async fn close(&self) {
        todo!("let nobody in, wait for the last one, close in order")
    }
}

impl Pooled {
    /// Ends this connection at once, for a borrower who knows that it is no good. There
    /// is room for a new one then.
    pub fn discard(self) {
        todo!("end it, and make room")
    }
}

impl Deref for Pooled {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Drop for Pooled {
    /// Gives the connection back if it is clean; ends it if it is not.
    ///
    /// When those who wait hear of it, it has come back or is gone already. Works
    /// anywhere, so it starts no task and waits for nothing.
    fn drop(&mut self) {
        // TODO
    }
}
