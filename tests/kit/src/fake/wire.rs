//! Sockets and listeners that never block: with the [`Selector`](super::Selector), what
//! an operating system has for event loops, but within the program.
//!
//! ```text
//!     Socket ══ 8 bytes ══▶ Socket            select() ─▶ [Event { token: 7, … }]
//!            ◀══ 8 bytes ══   │ token 7                        ▲
//!                             └────── registered ──▶ Selector ─┘
//! ```
//!
//! The selector is edge-triggered, like Linux's `epoll` with `EPOLLET`: it tells of
//! a change, and it tells once. What was left unread causes no second event.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::rc::{Rc, Weak};

use super::selector::{Event, Watch};
use crate::blame;

/// Tries in a row that come to nothing, and it is no accident.
pub(super) const MOST_TRIES: usize = 100;

/// One end of a connection. Its calls do what can be done at once, and never wait.
/// Dropping it closes it.
#[derive(Debug)]
pub struct Socket {
    incoming: Rc<RefCell<Pipe>>,
    outgoing: Rc<RefCell<Pipe>>,
    here: Rc<End>,
    there: Rc<End>,
}

/// One direction of a connection.
#[derive(Debug)]
struct Pipe {
    bytes: VecDeque<u8>,
    capacity: usize,
    /// Somebody has had to keep bytes back.
    is_wanted: bool,
    /// One of the two ends is gone.
    is_closed: bool,
}

/// Whom to tell when something changes at this end.
#[derive(Debug, Default)]
pub struct End {
    pub(super) registered: RefCell<Option<(Weak<RefCell<Watch>>, usize)>>,
    /// Calls in a row that came to nothing, and with what.
    in_vain: Cell<(usize, bool)>,
}

impl Socket {
    /// The two ends of a connection that holds `capacity` bytes in each direction.
    pub fn pair(capacity: usize) -> (Socket, Socket) {
        let pipe = || {
            let (bytes, is_wanted, is_closed) = (VecDeque::new(), false, false);
            Rc::new(RefCell::new(Pipe { bytes, capacity, is_wanted, is_closed }))
        };
        let (left, right, one, other) = (pipe(), pipe(), Rc::default(), Rc::default());
        let this = Socket {
            incoming: left.clone(),
            outgoing: right.clone(),
            here: Rc::clone(&one),
            there: Rc::clone(&other),
        };
        (this, Socket { incoming: right, outgoing: left, here: other, there: one })
    }

    /// Takes bytes that have arrived, as many as there are and fit into `buffer`.
    /// `Ok(0)` is the end: the other side is gone, and nothing is left to be read.
    ///
    /// # Errors
    /// `WouldBlock`: nothing is there now.
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut pipe = self.incoming.borrow_mut();
        let count = buffer.len().min(pipe.bytes.len());
        if count == 0 && !buffer.is_empty() {
            let is_closed = pipe.is_closed;
            drop(pipe);
            self.here.tried_in_vain(is_closed);
            return if is_closed { Ok(0) } else { Err(ErrorKind::WouldBlock.into()) };
        }
        for (place, byte) in buffer.iter_mut().zip(pipe.bytes.drain(..count)) {
            *place = byte;
        }
        let had_no_room = std::mem::take(&mut pipe.is_wanted);
        drop(pipe);
        self.here.in_vain.set((0, false));
        if had_no_room {
            self.there.happened(false, true);
        }
        Ok(count)
    }

    /// Sends the first of these bytes, as many as there is room for, and tells how
    /// many those are.
    ///
    /// # Errors
    /// `WouldBlock`: there is no room now. `BrokenPipe`: the other side is gone.
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut pipe = self.outgoing.borrow_mut();
        if pipe.is_closed {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let count = bytes.len().min(pipe.capacity - pipe.bytes.len());
        pipe.bytes.extend(&bytes[..count]);
        pipe.is_wanted |= count < bytes.len();
        drop(pipe);
        if count == 0 && !bytes.is_empty() {
            self.here.tried_in_vain(false);
            return Err(ErrorKind::WouldBlock.into());
        }
        self.here.in_vain.set((0, false));
        self.there.happened(true, false);
        Ok(count)
    }

    /// Says that nothing more will be written. The other side reads what is there,
    /// then the end; and what it writes can still be read here.
    pub fn end_writing(&self) {
        self.outgoing.borrow_mut().is_closed = true;
        self.there.happened(true, false);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        for pipe in [&self.incoming, &self.outgoing] {
            pipe.borrow_mut().is_closed = true;
        }
        self.here.forget();
        self.there.happened(true, true);
    }
}

/// Where clients arrive. Its call never waits. Dropping it closes it, and whoever
/// has knocked and not been let in sees the end.
#[derive(Debug)]
pub struct Listener {
    door: Rc<Door>,
}

/// What others need to reach a [`Listener`]. Clones lead to the same one.
#[derive(Clone, Debug)]
pub struct Address {
    door: Rc<Door>,
}

#[derive(Debug)]
struct Door {
    /// Bytes that a connection holds in each direction.
    room: usize,
    /// Who is to be let in, the first one first. None when the listener is gone.
    arrived: RefCell<Option<VecDeque<Socket>>>,
    here: End,
}

impl Listener {
    /// A listener and its address. A connection holds `room` bytes in each direction.
    pub fn open(room: usize) -> (Listener, Address) {
        let arrived = RefCell::new(Some(VecDeque::new()));
        let door = Rc::new(Door { room, arrived, here: End::default() });
        (Listener { door: door.clone() }, Address { door })
    }

    /// Lets in the next one who has connected.
    ///
    /// # Errors
    /// `WouldBlock`: nobody is there now.
    pub fn accept(&self) -> io::Result<Socket> {
        let next = self.door.arrived.borrow_mut().as_mut().and_then(VecDeque::pop_front);
        match next {
            Some(socket) => {
                self.door.here.in_vain.set((0, false));
                Ok(socket)
            }
            None => {
                self.door.here.tried_in_vain(false);
                Err(ErrorKind::WouldBlock.into())
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.door.here.forget();
        // Dropped when nothing is borrowed: each of them tells its other side.
        drop(self.door.arrived.take());
    }
}

impl Address {
    /// A connection to the listener. It is there at once; that somebody accepts it
    /// may take a while.
    ///
    /// # Errors
    /// `ConnectionRefused`: the listener is gone.
    pub fn connect(&self) -> io::Result<Socket> {
        let (one, other) = Socket::pair(self.door.room);
        match &mut *self.door.arrived.borrow_mut() {
            Some(arrived) => arrived.push_back(other),
            None => return Err(ErrorKind::ConnectionRefused.into()),
        }
        self.door.here.happened(true, false);
        Ok(one)
    }
}

/// What a [`Selector`](super::Selector) can watch: a [`Socket`] or a [`Listener`].
pub trait Source: sealed::Watched {}

impl Source for Socket {}
impl Source for Listener {}

mod sealed {
    pub trait Watched {
        #[doc(hidden)]
        fn end(&self) -> &super::End;
        #[doc(hidden)]
        fn is_readable(&self) -> bool;
    }
}

impl sealed::Watched for Socket {
    fn end(&self) -> &End {
        &self.here
    }

    fn is_readable(&self) -> bool {
        let incoming = self.incoming.borrow();
        !incoming.bytes.is_empty() || incoming.is_closed
    }
}

impl sealed::Watched for Listener {
    fn end(&self) -> &End {
        &self.door.here
    }

    fn is_readable(&self) -> bool {
        self.door.arrived.borrow().as_ref().is_some_and(|arrived| !arrived.is_empty())
    }
}

impl End {
    pub(super) fn happened(&self, readable: bool, writable: bool) {
        let registered = self.registered.borrow();
        let Some((watch, token)) = &*registered else { return };
        let Some(watch) = watch.upgrade() else { return };
        let mut watch = watch.borrow_mut();
        match watch.events.iter_mut().find(|event| event.token == *token) {
            Some(event) => {
                event.readable |= readable;
                event.writable |= writable;
            }
            None => watch.events.push(Event { token: *token, readable, writable }),
        }
    }

    pub(super) fn forget(&self) -> bool {
        let Some((watch, token)) = self.registered.take() else { return false };
        if let Some(watch) = watch.upgrade() {
            let mut watch = watch.borrow_mut();
            watch.tokens.remove(&token);
            watch.events.retain(|event| event.token != token);
        }
        true
    }

    /// Fails the test of whoever tries again and again in one go.
    fn tried_in_vain(&self, at_the_end: bool) {
        let (count, before) = self.in_vain.get();
        let count = if before == at_the_end { count + 1 } else { 1 };
        self.in_vain.set((count, at_the_end));
        let (pitfall, fact) = match at_the_end {
            true => ("eof-spin", "read-after-the-end"),
            false => ("busy-wake", "would-block-again"),
        };
        blame(pitfall).because(fact, &[("count", &count)]).unless(count < MOST_TRIES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Selector;
    use crate::{capture, run_sync};

    fn told(result: io::Result<usize>) -> Result<usize, ErrorKind> {
        result.map_err(|error| error.kind())
    }

    fn event(token: usize, readable: bool, writable: bool) -> Event {
        Event { token, readable, writable }
    }

    #[test]
    fn bytes_go_over_as_far_as_there_is_room() {
        let (one, other) = Socket::pair(4);
        let mut buffer = [0; 3];
        assert_eq!(told(other.read(&mut buffer)), Err(ErrorKind::WouldBlock));
        assert_eq!(told(one.write(b"coffee")), Ok(4));
        assert_eq!(told(one.write(b"ee")), Err(ErrorKind::WouldBlock));
        assert_eq!((told(other.read(&mut buffer)), &buffer), (Ok(3), b"cof"));
        assert_eq!(told(one.write(b"ee")), Ok(2));
        assert_eq!((told(other.read(&mut buffer)), &buffer), (Ok(3), b"fee"));
        assert_eq!(told(other.read(&mut [])), Ok(0));
        assert_eq!(told(one.write(b"")), Ok(0));
    }

    #[test]
    fn what_was_sent_before_the_end_is_read_before_it() {
        let (one, other) = Socket::pair(4);
        one.write(b"bye").unwrap();
        drop(one);
        let mut buffer = [0; 4];
        assert_eq!(told(other.read(&mut buffer)), Ok(3));
        assert_eq!(told(other.read(&mut buffer)), Ok(0));
        assert_eq!(told(other.read(&mut buffer)), Ok(0));
        assert_eq!(told(other.write(b"?")), Err(ErrorKind::BrokenPipe));
    }

    #[test]
    fn a_change_is_told_once() {
        let (one, other) = Socket::pair(4);
        let selector = Selector::new();
        selector.register(&one, 7).unwrap();
        assert_eq!(selector.select(), []);
        other.write(b"te").unwrap();
        other.write(b"a").unwrap();
        assert_eq!(selector.select(), [event(7, true, false)]);
        assert_eq!(selector.select(), [], "though nothing has been read");
        // Room is news only to who has had too little.
        one.write(b"milk").unwrap();
        other.read(&mut [0]).unwrap();
        assert_eq!(selector.select(), []);
        assert_eq!(told(one.write(b"shake")), Ok(1));
        other.read(&mut [0]).unwrap();
        assert_eq!(selector.select(), [event(7, false, true)]);
        drop(other);
        assert_eq!(selector.select(), [event(7, true, true)]);
    }

    #[test]
    fn who_registers_late_hears_of_what_is_there() {
        let (one, other) = Socket::pair(4);
        other.write(b"tea").unwrap();
        let selector = Selector::new();
        selector.register(&one, 1).unwrap();
        assert_eq!(selector.select(), [event(1, true, false)]);
    }

    #[test]
    fn who_is_gone_is_not_told_of() {
        let selector = Selector::new();
        let [(one, _other), (two, second)] = [Socket::pair(1), Socket::pair(1)];
        selector.register(&one, 1).unwrap();
        assert_eq!(selector.register(&one, 2).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(selector.register(&two, 1).unwrap_err().kind(), ErrorKind::AlreadyExists);
        selector.register(&two, 2).unwrap();
        second.write(b"x").unwrap();
        drop(two);
        assert_eq!((selector.registered(), selector.select()), (1, vec![]));
        selector.deregister(&one).unwrap();
        assert_eq!(selector.deregister(&one).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(selector.registered(), 0);
    }

    #[test]
    fn who_tries_without_end_is_told() {
        let pitfall = |close: bool| {
            let record = capture(|| {
                run_sync(|| {
                    let (one, other) = Socket::pair(1);
                    let _open = (!close).then_some(other);
                    while !matches!(one.read(&mut [0]), Ok(1..)) {}
                });
            });
            record.diagnosis.and_then(|told| told.pitfall)
        };
        assert_eq!(pitfall(false).as_deref(), Some("busy-wake"));
        assert_eq!(pitfall(true).as_deref(), Some("eof-spin"));
    }

    #[test]
    fn who_knocks_is_let_in_once() {
        let (listener, address) = Listener::open(4);
        let selector = Selector::new();
        selector.register(&listener, 3).unwrap();
        assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
        let (one, other) = (address.connect().unwrap(), address.connect().unwrap());
        one.write(b"tea").unwrap();
        assert_eq!(selector.select(), [event(3, true, false)]);
        let mut buffer = [0; 4];
        assert_eq!(told(listener.accept().unwrap().read(&mut buffer)), Ok(3));
        drop(listener);
        // The other one was never let in.
        assert_eq!(told(other.read(&mut buffer)), Ok(0));
        assert_eq!(address.connect().unwrap_err().kind(), ErrorKind::ConnectionRefused);
        assert_eq!(selector.registered(), 0);
    }

    #[test]
    fn who_has_ended_writing_can_read() {
        let (one, other) = Socket::pair(4);
        one.write(b"bye").unwrap();
        one.end_writing();
        let mut buffer = [0; 4];
        assert_eq!(told(other.read(&mut buffer)), Ok(3));
        assert_eq!(told(other.read(&mut buffer)), Ok(0));
        assert_eq!(told(other.write(b"bye")), Ok(3));
        assert_eq!(told(one.read(&mut buffer)), Ok(3));
        assert_eq!(told(one.write(b"?")), Err(ErrorKind::BrokenPipe));
    }
}
