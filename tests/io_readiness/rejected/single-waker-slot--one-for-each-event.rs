//! "An event wakes somebody": the one who reads, or else the one who writes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::task::{Poll, Waker};

use kit::fake::{Selector, Socket};

#[derive(Default)]
struct Waiting {
    reader: Option<Waker>,
    writer: Option<Waker>,
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
            let woken = match self.sockets.borrow_mut().get_mut(&event.token) {
                Some(waiting) => waiting
                    .reader
                    .take_if(|_| event.readable)
                    .or_else(|| waiting.writer.take_if(|_| event.writable)),
                None => continue,
            };
            woken.into_iter().for_each(Waker::wake);
        }
    }

    fn wait(&self, token: usize, direction: Direction, waker: &Waker) {
        let mut sockets = self.sockets.borrow_mut();
        let waiting = sockets.entry(token).or_default();
        let place = match direction {
            Direction::Read => &mut waiting.reader,
            Direction::Write => &mut waiting.writer,
        };
        *place = Some(waker.clone());
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
        poll_fn(|cx| match attempt() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.reactor.wait(self.token, direction, cx.waker());
                Poll::Pending
            }
            done => Poll::Ready(done),
        })
        .await
    }
}

impl Drop for AsyncSocket {
    fn drop(&mut self) {
        let waiting = self.reactor.sockets.borrow_mut().remove(&self.token);
        drop(waiting);
    }
}
