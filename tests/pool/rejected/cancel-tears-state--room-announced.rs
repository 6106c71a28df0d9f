//! "What comes back goes to the next in line. Where there is room, the next one may look."

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard};

use kit::fake::{Connection, Db, DbError};
use tokio::sync::{Notify, oneshot};

pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    max: usize,
    state: Mutex<State>,
    /// Something has come back or ended.
    less: Notify,
}

#[derive(Default)]
struct State {
    closed: bool,
    idle: Vec<Connection>,
    /// Idle ones, lent ones, and those that somebody opens or closes.
    open: usize,
    waiting: VecDeque<oneshot::Sender<Option<Turn>>>,
}

/// A place among the `max`; handed from one to the next.
struct Turn {
    shared: Arc<Shared>,
    connection: Option<Connection>,
}

pub struct Pooled {
    turn: Turn,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for Turn {
    /// To the next in line, or back.
    fn drop(&mut self) {
        let connection = self.connection.take().filter(Connection::is_clean);
        let Some(connection) = connection else {
            let mut state = self.shared.state();
            state.open -= 1;
            while let Some(next) = state.waiting.pop_front() {
                if next.send(None).is_ok() {
                    break;
                }
            }
            drop(state);
            self.shared.less.notify_waiters();
            return;
        };
        let mut state = self.shared.state();
        let Some(next) = state.waiting.pop_front() else {
            state.idle.push(connection);
            drop(state);
            self.shared.less.notify_waiters();
            return;
        };
        drop(state);
        let connection = Some(connection);
        let _ = next.send(Some(Turn { shared: self.shared.clone(), connection }));
    }
}

impl Pool {
    pub fn new(db: Db, max: NonZeroUsize) -> Self {
        let (state, less) = (Mutex::default(), Notify::new());
        Pool { shared: Arc::new(Shared { db, max: max.get(), state, less }) }
    }

    fn turn(&self) -> Result<Result<Turn, oneshot::Receiver<Option<Turn>>>, DbError> {
        let mut state = self.shared.state();
        if state.closed {
            return Err(DbError::NotOpen);
        }
        let connection = state.idle.pop();
        if connection.is_none() {
            if state.open == self.shared.max {
                let (sender, receiver) = oneshot::channel();
                state.waiting.push_back(sender);
                return Ok(Err(receiver));
            }
            state.open += 1;
        }
        Ok(Ok(Turn { shared: self.shared.clone(), connection }))
    }

    pub async fn acquire(&self) -> Result<Pooled, DbError> {
        let mut turn = loop {
            match self.turn()? {
                Ok(turn) => break turn,
                Err(receiver) => {
                    if let Some(turn) = receiver.await.map_err(|_| DbError::NotOpen)? {
                        break turn;
                    }
                }
            }
        };
        if turn.connection.is_none() {
            turn.connection = Some(Connection::connect(&self.shared.db).await?);
        }
        Ok(Pooled { turn })
    }

    pub fn idle(&self) -> usize {
        self.shared.state().idle.len()
    }

    pub async fn close(&self) {
        {
            let mut state = self.shared.state();
            state.closed = true;
            state.waiting.clear();
        }
        loop {
            let less = self.shared.less.notified();
            let idle = {
                let mut state = self.shared.state();
                if state.open == 0 {
                    return;
                }
                state.idle.pop()
            };
            match idle {
                Some(connection) => {
                    let turn = Turn { shared: self.shared.clone(), connection: None };
                    let _ = connection.close().await;
                    drop(turn);
                }
                None => less.await,
            }
        }
    }
}

impl Pooled {
    pub fn discard(mut self) {
        drop(self.turn.connection.take());
    }
}

impl Deref for Pooled {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.turn.connection.as_ref().unwrap()
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Connection {
        self.turn.connection.as_mut().unwrap()
    }
}
