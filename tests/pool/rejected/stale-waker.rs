//! "My waker is in the line since I came; that will do."

use std::collections::VecDeque;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use kit::fake::{Connection, Db, DbError};
use tokio::sync::Notify;

pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    max: usize,
    state: Mutex<State>,
    less: Notify,
}

#[derive(Default)]
struct State {
    closed: bool,
    idle: Vec<Connection>,
    taken: usize,
    last: u64,
    line: VecDeque<(u64, Waker)>,
}

struct Ticket<'a> {
    shared: &'a Shared,
    number: Option<u64>,
}

struct Place {
    shared: Arc<Shared>,
}

pub struct Pooled {
    connection: Option<Connection>,
    place: Place,
}

impl Shared {
    fn wakes_first(&self) {
        let state = self.state.lock().unwrap();
        let first = match state.line.front() {
            Some((_, waker)) if state.taken < self.max => Some(waker.clone()),
            _ => None,
        };
        drop(state);
        if let Some(first) = first {
            first.wake();
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.shared.state.lock().unwrap().line.retain(|(other, _)| *other != number);
        }
        self.shared.wakes_first();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap().taken -= 1;
        self.shared.wakes_first();
        self.shared.less.notify_waiters();
    }
}

impl Pool {
    pub fn new(db: Db, max: NonZeroUsize) -> Self {
        let (state, less) = (Mutex::default(), Notify::new());
        Pool { shared: Arc::new(Shared { db, max: max.get(), state, less }) }
    }

    pub async fn acquire(&self) -> Result<Pooled, DbError> {
        let mut ticket = Ticket { shared: &self.shared, number: None };
        let idle = poll_fn(|cx| {
            let mut state = self.shared.state.lock().unwrap();
            if state.closed {
                return Poll::Ready(Err(DbError::NotOpen));
            }
            let number = *ticket.number.get_or_insert_with(|| {
                state.last += 1;
                let number = state.last;
                state.line.push_back((number, cx.waker().clone()));
                number
            });
            if state.line[0].0 == number && state.taken < self.shared.max {
                state.line.pop_front();
                ticket.number = None;
                state.taken += 1;
                return Poll::Ready(Ok(state.idle.pop()));
            }
            Poll::Pending
        })
        .await?;
        let place = Place { shared: self.shared.clone() };
        drop(ticket);
        let connection = match idle {
            Some(connection) => connection,
            None => Connection::connect(&self.shared.db).await?,
        };
        Ok(Pooled { connection: Some(connection), place })
    }

    pub fn idle(&self) -> usize {
        self.shared.state.lock().unwrap().idle.len()
    }

    pub async fn close(&self) {
        let line = {
            let mut state = self.shared.state.lock().unwrap();
            state.closed = true;
            std::mem::take(&mut state.line)
        };
        for (_, waker) in line {
            waker.wake();
        }
        loop {
            let less = self.shared.less.notified();
            let idle = {
                let mut state = self.shared.state.lock().unwrap();
                if state.taken == 0 && state.idle.is_empty() {
                    return;
                }
                let idle = state.idle.pop();
                state.taken += usize::from(idle.is_some());
                idle
            };
            match idle {
                Some(connection) => {
                    let place = Place { shared: self.shared.clone() };
                    let _ = connection.close().await;
                    drop(place);
                }
                None => less.await,
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
        let connection = self.connection.take().filter(Connection::is_clean);
        if let Some(connection) = connection {
            self.place.shared.state.lock().unwrap().idle.push(connection);
        }
    }
}
