//! It connects in a task, which goes on when nobody waits for it any more: then one more is idle.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};

use kit::fake::{Connection, Db, DbError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

pub struct Pool {
    shared: Arc<Shared>,
    closing: tokio::sync::Mutex<()>,
}

struct Shared {
    db: Db,
    room: Arc<Semaphore>,
    idle: Mutex<VecDeque<Connection>>,
    out: watch::Sender<usize>,
}

pub struct Pooled {
    connection: Option<Connection>,
    place: Place,
}

struct Place {
    shared: Arc<Shared>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.out.send_modify(|out| *out -= 1);
    }
}

impl Pool {
    pub fn new(db: Db, max: NonZeroUsize) -> Self {
        let shared = Shared {
            db,
            room: Arc::new(Semaphore::new(max.get())),
            idle: Mutex::default(),
            out: watch::Sender::new(0),
        };
        Pool { shared: Arc::new(shared), closing: tokio::sync::Mutex::default() }
    }

    pub async fn acquire(&self) -> Result<Pooled, DbError> {
        let permit = self.shared.room.clone().acquire_owned().await;
        let permit = permit.map_err(|_| DbError::NotOpen)?;
        self.shared.out.send_modify(|out| *out += 1);
        let place = Place { shared: self.shared.clone(), _permit: permit };
        if self.shared.room.is_closed() {
            return Err(DbError::NotOpen);
        }
        let idle = self.shared.idle.lock().unwrap().pop_front();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connects = tokio::spawn(async move {
                    let connection = Connection::connect(&place.shared.db).await?;
                    Ok(Pooled { connection: Some(connection), place })
                });
                return connects.await.unwrap();
            }
        };
        Ok(Pooled { connection: Some(connection), place })
    }

    pub fn idle(&self) -> usize {
        self.shared.idle.lock().unwrap().len()
    }

    pub async fn close(&self) {
        self.shared.room.close();
        let _turn = self.closing.lock().await;
        let mut out = self.shared.out.subscribe();
        let _ = out.wait_for(|out| *out == 0).await;
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
