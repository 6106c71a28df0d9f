//! io_readiness: how a task waits for the world outside.
//!
//! You know this from asyncio, a floor below its streams:
//!
//!     loop.add_reader(sock, wake_who_reads)    # when there is something
//!     loop.add_writer(sock, wake_who_writes)   # when there is room
//!
//!     for key, events in selector.select():    # once per round of the loop
//!         ...
//!
//! A socket can be told never to wait. It does what can be done at once, and else
//! says `WouldBlock`. Then it is the task that waits, and somebody has to wake it.
//! That is a reactor: it asks the system what has happened, and knows whom to wake.
//!
//! Where asyncio's selector reminds you for as long as bytes are there, this one
//! tells of a change, once. So what do you ask first: the socket, or the selector?
//!
//! `Socket` and `Selector` are given (`cargo doc -p asynclings-kit --open`, module
//! `fake`). They are played within the program, and behave like those of a system.
//! Everything here lives on one thread.

use std::io;
use std::rc::Rc;

use kit::fake::{Selector, Socket};

/// Wakes tasks when their sockets can go on.
pub struct Reactor {
    // TODO: who waits, and for what?
    selector: Selector,
}

impl Reactor {
    /// A reactor that asks this selector.
    pub fn new(selector: Selector) -> Rc<Self> {
        Rc::new(Reactor { selector })
    }

    /// Takes a socket in. It is let go when the `AsyncSocket` is dropped, and
    /// nothing of it is kept. Nor is anything kept of one that the selector refuses:
    /// its error is this one's.
    pub fn register(self: &Rc<Self>, socket: Socket) -> io::Result<AsyncSocket> {
        let _ = (&self.selector, socket);
        todo!("a number for it, which nobody else has")
    }

    /// How many sockets are registered now.
    pub fn registered(&self) -> usize {
        todo!()
    }

    /// What the loop calls when no task is ready: asks the selector, and wakes those
    /// who wait for what has happened, and nobody else.
    ///
    /// Whoever is woken may do anything at once: poll a socket, drop one, register
    /// one, also one of this very reactor.
    pub fn turn(&self) {
        todo!()
    }
}

/// A socket for tasks. One task may read while another one writes.
pub struct AsyncSocket {
    // TODO: what does it take to try, and then to wait?
}

impl AsyncSocket {
    /// Takes bytes that have arrived, at least one, and as many as there are and fit
    /// into `buffer`. Waits only while there are none. `Ok(0)` is the end.
    ///
    /// Dropped while it waits, it has taken nothing.
    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let _ = buffer;
        todo!()
    }

    /// Sends all of these bytes, in order. Waits while there is no room for more.
    pub async fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        let _ = bytes;
        todo!()
    }
}
