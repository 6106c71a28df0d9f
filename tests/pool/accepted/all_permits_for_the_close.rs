//! `close` waits for those who have one by counting what is lent; waits end by a `watch` channel.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};

use kit::fake::{Connection, Db, DbError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    room: Arc<Semaphore>,
    max: u32,
    open: watch::Sender<bool>,
    idle: Mutex<VecDeque<Connection>>,
}

pub struct Pooled {
    connection: Option<Connection>,
    place: Place,
}

struct Place {
    shared: Arc<Shared>,
    _permit: OwnedSemaphorePermit,
}

impl Pool {
    pub fn new(db: Db, max: NonZeroUsize) -> Self {
        let shared = Shared {
            db,
            room: Arc::new(Semaphore::new(max.get())),
            max: max.get() as u32,
            open: watch::Sender::new(true),
            idle: Mutex::default(),
        };
        Pool { shared: Arc::new(shared) }
    }

    pub async fn acquire(&self) -> Result<Pooled, DbError> {
        let mut open = self.shared.open.subscribe();
        let permit = tokio::select! {
            biased;
            _ = open.wait_for(|open| !open) => return Err(DbError::NotOpen),
            permit = self.shared.room.clone().acquire_owned() => permit,
        };
        let permit = permit.map_err(|_| DbError::NotOpen)?;
        let place = Place { shared: self.shared.clone(), _permit: permit };
        if !*self.shared.open.borrow() {
            return Err(DbError::NotOpen);
        }
        let idle = self.shared.idle.lock().unwrap().pop_front();
        let connection = match idle {
            Some(connection) => connection,
            None => Connection::connect(&self.shared.db).await?,
        };
        Ok(Pooled { connection: Some(connection), place })
    }

    pub fn idle(&self) -> usize {
        self.shared.idle.lock().unwrap().len()
    }

    pub async fn close(&self) {
        self.shared.open.send_replace(false);
        // Who has all permits is alone. Held until all is closed, so that another
        // call waits for this one.
        let _all = self.shared.room.acquire_many(self.shared.max).await;
        loop {
            let idle = self.shared.idle.lock().unwrap().pop_front();
            match idle {
                Some(connection) => drop(connection.close().await),
                None => break,
            }
        }
    }
}

impl Pooled {
    pub fn discard(mut self) {
        drop(self.connection.take());
    }
}

impl Deref for Pooled {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().unwrap()
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().unwrap()
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && connection.is_clean()
        {
            self.place.shared.idle.lock().unwrap().push_back(connection);
        }
    }
}
