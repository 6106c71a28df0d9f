//! A line of numbers: who has the lowest one may go, all others look again later.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};

use kit::fake::{Connection, Db, DbError};
use tokio::sync::Notify;

pub struct Pool(Arc<Inner>);

struct Inner {
    db: Db,
    max: usize,
    books: Mutex<Books>,
    news: Notify,
}

#[derive(Default)]
struct Books {
    closed: bool,
    idle: Vec<Connection>,
    taken: usize,
    closing: usize,
    last: u64,
    line: VecDeque<u64>,
}

struct InLine<'a>(&'a Inner, u64);

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.books.lock().unwrap().line.retain(|n| *n != self.1);
        self.0.news.notify_waiters();
    }
}

struct Taken(Arc<Inner>);

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.books.lock().unwrap().taken -= 1;
        self.0.news.notify_waiters();
    }
}

pub struct Pooled {
    connection: Option<Connection>,
    taken: Taken,
}

impl Pool {
    pub fn new(db: Db, max: NonZeroUsize) -> Self {
        Pool(Arc::new(Inner { db, max: max.get(), books: Mutex::default(), news: Notify::new() }))
    }

    pub async fn acquire(&self) -> Result<Pooled, DbError> {
        let inner = &*self.0;
        let number = {
            let mut books = inner.books.lock().unwrap();
            books.last += 1;
            let number = books.last;
            books.line.push_back(number);
            number
        };
        let in_line = InLine(inner, number);
        let idle = loop {
            let news = inner.news.notified();
            {
                let mut books = inner.books.lock().unwrap();
                if books.closed {
                    drop(books);
                    return Err(DbError::NotOpen);
                }
                if books.line.front() == Some(&number) && books.taken < inner.max {
                    books.taken += 1;
                    break books.idle.pop();
                }
            }
            news.await;
        };
        let taken = Taken(self.0.clone());
        drop(in_line);
        let connection = match idle {
            Some(connection) => connection,
            None => Connection::connect(&inner.db).await?,
        };
        Ok(Pooled { connection: Some(connection), taken })
    }

    pub fn idle(&self) -> usize {
        self.0.books.lock().unwrap().idle.len()
    }

    pub async fn close(&self) {
        self.0.books.lock().unwrap().closed = true;
        self.0.news.notify_waiters();
        loop {
            let news = self.0.news.notified();
            let mut mine = None;
            {
                let mut books = self.0.books.lock().unwrap();
                if books.taken == 0 && books.idle.is_empty() && books.closing == 0 {
                    return;
                }
                if let Some(connection) = books.idle.pop() {
                    books.closing += 1;
                    mine = Some(connection);
                }
            }
            struct Closing<'a>(&'a Inner);
            impl Drop for Closing<'_> {
                fn drop(&mut self) {
                    self.0.books.lock().unwrap().closing -= 1;
                    self.0.news.notify_waiters();
                }
            }
            match mine {
                Some(connection) => {
                    let _closing = Closing(&self.0);
                    let _ = connection.close().await;
                }
                None => news.await,
            }
        }
    }
}

impl Pooled {
    pub fn discard(mut self) {
        self.connection = None;
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
        match self.connection.take() {
            Some(connection) if connection.is_clean() => {
                self.taken.0.books.lock().unwrap().idle.push(connection);
            }
            _ => {}
        }
    }
}
