//! A list of tasks for each direction, by the number of the socket.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::task::{Poll, Waker};

use kit::fake::{Selector, Socket};

type Tasks = RefCell<BTreeMap<usize, Waker>>;

pub struct Reactor {
    selector: Selector,
    readers: Tasks,
    writers: Tasks,
    next_token: Cell<usize>,
}

impl Reactor {
    pub fn new(selector: Selector) -> Rc<Self> {
        Rc::new(Reactor {
            selector,
            readers: Tasks::default(),
            writers: Tasks::default(),
            next_token: Cell::new(0),
        })
    }

    pub fn register(self: &Rc<Self>, socket: Socket) -> io::Result<AsyncSocket> {
        let token = self.next_token.get();
        self.selector.register(&socket, token)?;
        self.next_token.set(token + 1);
        Ok(AsyncSocket { socket, token, reactor: self.clone() })
    }

    pub fn registered(&self) -> usize {
        self.selector.registered()
    }

    pub fn turn(&self) {
        let mut woken = Vec::new();
        for event in self.selector.select() {
            if event.writable {
                woken.extend(self.writers.borrow_mut().remove(&event.token));
            }
            if event.readable {
                woken.extend(self.readers.borrow_mut().remove(&event.token));
            }
        }
        for waker in woken {
            waker.wake();
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
        self.until_it_can(&self.reactor.readers, || self.socket.read(buffer)).await
    }

    pub async fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let sent = self.until_it_can(&self.reactor.writers, || self.socket.write(rest)).await?;
            rest = &rest[sent..];
        }
        Ok(())
    }

    async fn until_it_can(
        &self,
        tasks: &Tasks,
        mut attempt: impl FnMut() -> io::Result<usize>,
    ) -> io::Result<usize> {
        poll_fn(|cx| match attempt() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                tasks.borrow_mut().insert(self.token, cx.waker().clone());
                Poll::Pending
            }
            done => Poll::Ready(done),
        })
        .await
    }
}

impl Drop for AsyncSocket {
    fn drop(&mut self) {
        for tasks in [&self.reactor.readers, &self.reactor.writers] {
            let waker = tasks.borrow_mut().remove(&self.token);
            drop(waker);
        }
    }
}
