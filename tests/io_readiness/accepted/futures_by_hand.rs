//! Futures by hand, which know their place; the reactor knows the sockets by weak
//! references.

use std::cell::{Cell, RefCell};
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use kit::fake::{Selector, Socket};

#[derive(Default)]
struct Slots {
    token: usize,
    reader: Cell<Option<Waker>>,
    writer: Cell<Option<Waker>>,
}

pub struct Reactor {
    selector: Selector,
    known: RefCell<Vec<Weak<Slots>>>,
    next: Cell<usize>,
}

impl Reactor {
    pub fn new(selector: Selector) -> Rc<Self> {
        Rc::new(Reactor { selector, known: RefCell::default(), next: Cell::new(1) })
    }

    pub fn register(self: &Rc<Self>, socket: Socket) -> io::Result<AsyncSocket> {
        let token = self.next.replace(self.next.get() + 1);
        self.selector.register(&socket, token)?;
        let slots = Rc::new(Slots { token, ..Slots::default() });
        let mut known = self.known.borrow_mut();
        known.retain(|slots| slots.strong_count() > 0);
        known.push(Rc::downgrade(&slots));
        Ok(AsyncSocket { socket, slots })
    }

    pub fn registered(&self) -> usize {
        self.known.borrow().iter().filter(|slots| slots.strong_count() > 0).count()
    }

    pub fn turn(&self) {
        for event in self.selector.select() {
            let known = self.known.borrow().clone();
            let slots = known.iter().filter_map(Weak::upgrade);
            let Some(slots) = slots.into_iter().find(|slots| slots.token == event.token) else {
                continue;
            };
            let reader =
                slots.reader.take().filter(|waker| keep(&slots.reader, waker, event.readable));
            let writer =
                slots.writer.take().filter(|waker| keep(&slots.writer, waker, event.writable));
            drop(slots);
            for waker in reader.into_iter().chain(writer) {
                waker.wake();
            }
        }
    }
}

/// Puts the waker back unless it is to be called.
fn keep(place: &Cell<Option<Waker>>, waker: &Waker, call: bool) -> bool {
    if !call {
        place.set(Some(waker.clone()));
    }
    call
}

pub struct AsyncSocket {
    socket: Socket,
    slots: Rc<Slots>,
}

struct Read<'a, 'b> {
    of: &'a AsyncSocket,
    buffer: &'b mut [u8],
}

impl Future for Read<'_, '_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let got = this.of.socket.read(this.buffer);
        if got.as_ref().is_err_and(|error| error.kind() == ErrorKind::WouldBlock) {
            this.of.slots.reader.set(Some(cx.waker().clone()));
            return Poll::Pending;
        }
        Poll::Ready(got)
    }
}

struct WriteAll<'a> {
    of: &'a AsyncSocket,
    rest: &'a [u8],
}

impl Future for WriteAll<'_> {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.rest.is_empty() {
            match self.of.socket.write(self.rest) {
                Ok(sent) => self.rest = &self.rest[sent..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.of.slots.writer.set(Some(cx.waker().clone()));
                    return Poll::Pending;
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncSocket {
    pub fn read<'a>(
        &'a self,
        buffer: &'a mut [u8],
    ) -> impl Future<Output = io::Result<usize>> + 'a {
        Read { of: self, buffer }
    }

    pub fn write_all<'a>(&'a self, bytes: &'a [u8]) -> impl Future<Output = io::Result<()>> + 'a {
        WriteAll { of: self, rest: bytes }
    }
}
