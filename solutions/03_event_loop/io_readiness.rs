//! io_readiness: the reference answer.
//!
//! Both directions do the same: try; if that would block, leave the waker where the
//! reactor finds it; try again when woken. To try comes first. An event says that
//! something has changed, not that nothing was there before.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::task::{Poll, Waker};

use kit::fake::{Selector, Socket};

/// Who waits at a socket: at most one task in each direction.
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

/// Wakes tasks when their sockets can go on.
pub struct Reactor {
    selector: Selector,
    // By token. The sockets themselves are elsewhere: were they in here, nobody
    // could drop them.
    sockets: RefCell<HashMap<usize, Waiting>>,
    next_token: Cell<usize>,
}

impl Reactor {
    /// A reactor that asks this selector.
    pub fn new(selector: Selector) -> Rc<Self> {
        Rc::new(Reactor { selector, sockets: RefCell::default(), next_token: Cell::new(0) })
    }

    /// Takes a socket in. It is let go when the `AsyncSocket` is dropped, and
    /// nothing of it is kept. Nor is anything kept of one that the selector refuses:
    /// its error is this one's.
    pub fn register(self: &Rc<Self>, socket: Socket) -> io::Result<AsyncSocket> {
        let token = self.next_token.get();
        self.selector.register(&socket, token)?;
        // Never used again: an event that comes late must not wake a newcomer.
        self.next_token.set(token + 1);
        self.sockets.borrow_mut().insert(token, Waiting::default());
        Ok(AsyncSocket { socket, token, reactor: self.clone() })
    }

    /// How many sockets are registered now.
    pub fn registered(&self) -> usize {
        self.sockets.borrow().len()
    }

    /// What the loop calls when no task is ready: asks the selector, and wakes those
    /// who wait for what has happened, and nobody else.
    ///
    /// Whoever is woken may do anything at once: poll a socket, drop one, register
    /// one, also one of this very reactor.
    pub fn turn(&self) {
        for event in self.selector.select() {
            // The map is free again before anybody is woken. And a socket may have
            // gone meanwhile: then nobody waits for this event.
            let woken = match self.sockets.borrow_mut().get_mut(&event.token) {
                Some(waiting) => [
                    waiting.reader.take_if(|_| event.readable),
                    waiting.writer.take_if(|_| event.writable),
                ],
                None => continue,
            };
            woken.into_iter().flatten().for_each(Waker::wake);
        }
    }

    /// Remembers who is to be woken; the last one to ask counts.
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

/// A socket for tasks. One task may read while another one writes.
pub struct AsyncSocket {
    socket: Socket,
    token: usize,
    reactor: Rc<Reactor>,
}

impl AsyncSocket {
    /// Takes bytes that have arrived, at least one, and as many as there are and fit
    /// into `buffer`. Waits only while there are none. `Ok(0)` is the end.
    ///
    /// Dropped while it waits, it has taken nothing.
    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.until_it_can(Direction::Read, || self.socket.read(buffer)).await
    }

    /// Sends all of these bytes, in order. Waits while there is no room for more.
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
        // A waker may own a task, and with that another socket: dropped only now.
        drop(waiting);
        // The selector forgets a socket that is dropped.
    }
}
