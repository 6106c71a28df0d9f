//! The bell of tokio, one for each direction: rung when nobody waits, it is heard once afterwards.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::rc::Rc;

use kit::fake::{Selector, Socket};
use tokio::sync::Notify;

#[derive(Default)]
struct Waiting {
    reader: Rc<Notify>,
    writer: Rc<Notify>,
}

#[derive(Clone, Copy)]
enum Direction {
    Read,
    Write,
}

pub struct Reactor {
    selector: Selector,
    sockets: RefCell<HashMap<usize, Waiting>>,
    next_token: Cell<usize>,
}

impl Reactor {
    pub fn new(selector: Selector) -> Rc<Self> {
        Rc::new(Reactor { selector, sockets: RefCell::default(), next_token: Cell::new(0) })
    }

    pub fn register(self: &Rc<Self>, socket: Socket) -> io::Result<AsyncSocket> {
        let token = self.next_token.get();
        self.selector.register(&socket, token)?;
        self.next_token.set(token + 1);
        self.sockets.borrow_mut().insert(token, Waiting::default());
        Ok(AsyncSocket { socket, token, reactor: self.clone() })
    }

    pub fn registered(&self) -> usize {
        self.sockets.borrow().len()
    }

    pub fn turn(&self) {
        for event in self.selector.select() {
            let (reader, writer) = match self.sockets.borrow().get(&event.token) {
                Some(waiting) => (waiting.reader.clone(), waiting.writer.clone()),
                None => continue,
            };
            if event.readable {
                reader.notify_one();
            }
            if event.writable {
                writer.notify_one();
            }
        }
    }

    fn bell(&self, token: usize, direction: Direction) -> Rc<Notify> {
        let mut sockets = self.sockets.borrow_mut();
        let waiting = sockets.entry(token).or_default();
        match direction {
            Direction::Read => waiting.reader.clone(),
            Direction::Write => waiting.writer.clone(),
        }
    }
}

pub struct AsyncSocket {
    socket: Socket,
    token: usize,
    reactor: Rc<Reactor>,
}

impl AsyncSocket {
    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.until_it_can(Direction::Read, || self.socket.read(buffer)).await
    }

    pub async fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let sent = self.until_it_can(Direction::Write, || self.socket.write(rest)).await?;
            rest = &rest[sent..];
        }
        Ok(())
    }

    async fn until_it_can(
        &self,
        direction: Direction,
        mut attempt: impl FnMut() -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            match attempt() {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.reactor.bell(self.token, direction).notified().await;
                }
                done => return done,
            }
        }
    }
}

impl Drop for AsyncSocket {
    fn drop(&mut self) {
        let waiting = self.reactor.sockets.borrow_mut().remove(&self.token);
        drop(waiting);
    }
}
