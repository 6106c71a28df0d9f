//! pool: the reference answer.
//!
//! A semaphore counts the room, a list holds what is idle. Who has a permit may have
//! a connection: an idle one or a new one. So there are never more connections than
//! permits, and nobody has to count twice.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kit::fake::{Connection, Db, DbError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Lends out connections, never more than so many.
pub struct Pool {
    shared: Arc<Shared>,
    /// Held by the one who closes, so that a second one waits until it is done.
    closing: tokio::sync::Mutex<()>,
}

/// What a lent connection has to find on its way back, even without the pool.
struct Shared {
    db: Db,
    room: Arc<Semaphore>,
    /// An ordinary lock: it is held for a push or a pop, and never at an await.
    idle: Mutex<VecDeque<Connection>>,
    /// How many permits are out. `close` waits for 0.
    out: watch::Sender<usize>,
}

/// A connection that is lent.
pub struct Pooled {
    /// None only while it is dropped.
    connection: Option<Connection>,
    place: Place,
}

/// The right to have one connection. Dropped, it goes to the next in line.
struct Place {
    shared: Arc<Shared>,
    _permit: OwnedSemaphorePermit,
}

impl Pool {
    /// A pool for `db` that never has more than `max` sessions.
    pub fn new(db: Db, max: NonZeroUsize) -> Self {
        let shared = Shared {
            db,
            room: Arc::new(Semaphore::new(max.get())),
            idle: Mutex::default(),
            out: watch::Sender::new(0),
        };
        Pool { shared: Arc::new(shared), closing: tokio::sync::Mutex::default() }
    }

    /// Borrows a connection.
    pub async fn acquire(&self) -> Result<Pooled, DbError> {
        // The semaphore is fair, and a dropped wait gives its permit to the next.
        let permit = self.shared.room.clone().acquire_owned().await;
        let place = Place::take(&self.shared, permit.map_err(|_| DbError::NotOpen)?)?;
        // The lock is free again before the await: `idle()` gives the value, not a guard.
        let idle = self.shared.idle().pop_front();
        let connection = match idle {
            Some(connection) => connection,
            // An error or a drop ends the attempt, and then drops `place`: in this
            // order, because `place` was there first.
            None => Connection::connect(&self.shared.db).await?,
        };
        Ok(Pooled { connection: Some(connection), place })
    }

    /// How many connections are idle now.
    pub fn idle(&self) -> usize {
        self.shared.idle().len()
    }

    /// Lends out nothing any more, waits, and closes all connections in order.
    pub async fn close(&self) {
        // Ends every wait with an error, those of now and those to come.
        self.shared.room.close();
        let _turn = self.closing.lock().await;
        // The sender is in `shared`, so this cannot fail.
        let _ = self.shared.out.subscribe().wait_for(|out| *out == 0).await;
        // One by one: where this future is dropped, the rest is still in the list.
        while let Some(connection) = self.take_idle() {
            // If it fails, the connection has abandoned its session.
            let _ = connection.close().await;
        }
    }

    fn take_idle(&self) -> Option<Connection> {
        self.shared.idle().pop_front()
    }
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, VecDeque<Connection>> {
        // Nothing can panic while it is held, so it cannot be poisoned.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    fn take(shared: &Arc<Shared>, permit: OwnedSemaphorePermit) -> Result<Self, DbError> {
        shared.out.send_modify(|out| *out += 1);
        let place = Place { shared: shared.clone(), _permit: permit };
        // Counted first, asked second: a `close` on another thread either sees this
        // one in the count, or is seen here.
        if shared.room.is_closed() { Err(DbError::NotOpen) } else { Ok(place) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.out.send_modify(|out| *out -= 1);
    } // The permit is a field: it goes now.
}

impl Pooled {
    /// Ends this connection at once.
    pub fn discard(mut self) {
        drop(self.connection.take());
    } // Drop runs here and finds nothing to give back; then the place goes.
}

impl Deref for Pooled {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("it is there until it is dropped")
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("it is there until it is dropped")
    }
}

impl Drop for Pooled {
    /// Gives the connection back if it is clean; ends it if it is not.
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            if connection.is_clean() {
                self.place.shared.idle().push_back(connection);
            } else {
                // Somebody else's answer is still in the line.
                drop(connection);
            }
        }
    } // `place` is a field: it is dropped after this, when the connection is back.
}
