//! mini_runtime: all of it together, and the one place where it sleeps.
//!
//! You know this from asyncio:
//!
//!     asyncio.run(main())                 # makes a loop, runs main, closes all
//!     asyncio.create_task(talk(client))
//!     loop.call_soon_threadsafe(wake)     # ends the loop's sleep, too
//!     await asyncio.start_server(talk)
//!
//! You have written each part: a sleep that a wake ends, a queue of those who are
//! ready, timers, and sockets. Now they share one thread. A thread that sleeps for
//! the clock does not hear the sockets, and one that sleeps for the sockets hears
//! neither the clock nor a waker on another thread. So there must be one sleep for
//! all of them. Where is it, how long is it, and what ends it?
//!
//! The clock is the real one now. The network is played within the program
//! (`cargo doc -p asynclings-kit --open`, module `fake`), but the thread does sleep
//! in it: in `Selector::select_for`. `Selector::notifier` is for whoever is not a
//! socket and has to end that sleep.
//!
//! Timers and sockets are given below, without the loop that drives them. What is
//! missing comes first: the loop, its tasks, their wakers, and a server to run.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use kit::fake::{Event, Listener, Selector, Socket, Source};

/// Runs `main`, and all tasks in turns with it, until `main` is ready.
///
/// The loop goes in rounds. In a round, the tasks that are ready have their turns, in the
/// order of their wakes. Then the loop asks the selector, and wakes those whose sockets
/// can go on and those whose time has come: always both. So a task that is always ready
/// keeps nobody from a turn. It may have a few turns in one round, not dozens. Who was
/// not woken is not polled.
///
/// The selector is the one place where the thread sleeps: only if no task is ready,
/// and then until the next deadline, or without end if there is none. A wake from
/// another thread ends the sleep.
///
/// When `main` is ready, `run` begins no new round and does not sleep again. All
/// tasks that are left are dropped before it returns, also those that are spawned
/// while others are dropped. So their sockets are closed, and the selector has
/// forgotten them. If `main` panics, its call or its future, the same is done, and the
/// panic goes on.
pub fn run<F>(selector: Selector, main: impl FnOnce(Rt) -> F) -> F::Output
where
    F: Future + 'static,
    F::Output: 'static,
{
    let _ = (selector, main);
    todo!("rounds: turns for those who are ready, a look around; and then the end")
}

/// The half of the runtime that stays on its thread.
struct Inner {
    timers: Rc<RefCell<Timers>>,
    reactor: Rc<Reactor>,
    // TODO: the tasks. And who is ready? That half is for wakers, on any thread.
}

/// The runtime, for those who run in it. A clone is the same one.
#[derive(Clone)]
pub struct Rt {
    inner: Rc<Inner>,
}

impl Rt {
    /// A new task: it has its first turn in the next round, after those who were woken
    /// before this call.
    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let _ = task;
        todo!("keep it, and let it have its turn")
    }

    /// Waits until so much time has gone by, counted from this call. Of several that
    /// are due, the one with the earlier deadline is woken first.
    pub fn sleep(&self, length: Duration) -> Sleep {
        Sleep::new(&self.inner.timers, length)
    }

    /// Takes a listener in, so that tasks can wait for clients.
    pub fn listen(&self, listener: Listener) -> io::Result<Async<Listener>> {
        self.inner.reactor.register(listener)
    }
}

/// Lets in all who come, and says back to each what it says, until it has ended.
///
/// Clients are served at the same time, as they are if each has a task of its own. If
/// one is gone in the middle of a word, nobody else hears of it.
pub async fn echo(rt: Rt, listener: Async<Listener>) {
    let _ = (rt, listener);
    todo!("your first program on your own runtime")
}

// ---- Given: timers and sockets. There is nothing to do from here on. ----

/// Who waits for which moment.
#[derive(Default)]
struct Timers {
    list: BTreeMap<(Instant, u64), Waker>,
    next_number: u64,
}

impl Timers {
    /// The earliest deadline.
    fn next(&self) -> Option<Instant> {
        self.list.first_key_value().map(|((deadline, _), _)| *deadline)
    }

    /// Takes out the wakers of all whose deadline has come, the earliest first.
    fn take_due(&mut self, now: Instant) -> Vec<Waker> {
        let later = self.list.split_off(&(now, u64::MAX));
        std::mem::replace(&mut self.list, later).into_values().collect()
    }
}

/// A wait for a moment. When it is dropped, its timer is gone.
#[must_use = "a future does nothing until it is awaited"]
pub struct Sleep {
    timers: Rc<RefCell<Timers>>,
    /// None, if that is farther away than a clock can tell.
    deadline: Option<Instant>,
    /// Given at the first poll. With the deadline, the name of the timer.
    number: Option<u64>,
}

impl Sleep {
    fn new(timers: &Rc<RefCell<Timers>>, length: Duration) -> Self {
        let deadline = Instant::now().checked_add(length);
        Sleep { timers: timers.clone(), deadline, number: None }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let Some(deadline) = this.deadline else { return Poll::Pending };
        if Instant::now() >= deadline {
            return Poll::Ready(());
        }
        let mut timers = this.timers.borrow_mut();
        let number = *this.number.get_or_insert(timers.next_number);
        timers.next_number = timers.next_number.max(number + 1);
        let old = timers.list.insert((deadline, number), cx.waker().clone());
        drop(timers);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let (Some(deadline), Some(number)) = (self.deadline, self.number) {
            let timer = self.timers.borrow_mut().list.remove(&(deadline, number));
            drop(timer);
        }
    }
}

/// Knows who waits at which socket.
struct Reactor {
    selector: Selector,
    waiting: RefCell<HashMap<usize, [Option<Waker>; 2]>>,
    next_token: Cell<usize>,
}

#[derive(Clone, Copy)]
enum Direction {
    Read,
    Write,
}

impl Reactor {
    fn new(selector: Selector) -> Rc<Self> {
        Rc::new(Reactor { selector, waiting: RefCell::default(), next_token: Cell::new(0) })
    }

    fn register<S: Source>(self: &Rc<Self>, source: S) -> io::Result<Async<S>> {
        let token = self.next_token.get();
        self.selector.register(&source, token)?;
        self.next_token.set(token + 1);
        Ok(Async { source, token, reactor: self.clone() })
    }

    /// Wakes those who wait for what has happened.
    fn wake(&self, events: &[Event]) {
        for event in events {
            let woken = match self.waiting.borrow_mut().get_mut(&event.token) {
                Some([reader, writer]) => {
                    [reader.take_if(|_| event.readable), writer.take_if(|_| event.writable)]
                }
                None => continue,
            };
            woken.into_iter().flatten().for_each(Waker::wake);
        }
    }
}

/// A socket or a listener, for tasks. One task may read while another one writes.
/// When it is dropped, it is closed, and the selector forgets it.
pub struct Async<S: Source> {
    source: S,
    token: usize,
    reactor: Rc<Reactor>,
}

impl Async<Listener> {
    /// Lets in the next client.
    pub async fn accept(&self) -> io::Result<Async<Socket>> {
        let socket = self.until_it_can(Direction::Read, Listener::accept).await?;
        self.reactor.register(socket)
    }
}

impl Async<Socket> {
    /// Takes bytes that have arrived. Waits only while there are none. `Ok(0)` is the
    /// end.
    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.until_it_can(Direction::Read, |socket| socket.read(buffer)).await
    }

    /// Sends all of these bytes, in order. Waits while there is no room for more.
    pub async fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let sent = self.until_it_can(Direction::Write, |socket| socket.write(rest)).await?;
            rest = &rest[sent..];
        }
        Ok(())
    }
}

impl<S: Source> Async<S> {
    async fn until_it_can<T>(
        &self,
        direction: Direction,
        mut attempt: impl FnMut(&S) -> io::Result<T>,
    ) -> io::Result<T> {
        poll_fn(|cx| match attempt(&self.source) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let mut waiting = self.reactor.waiting.borrow_mut();
                let places = waiting.entry(self.token).or_default();
                let old = places[direction as usize].replace(cx.waker().clone());
                drop(waiting);
                drop(old);
                Poll::Pending
            }
            done => Poll::Ready(done),
        })
        .await
    }
}

impl<S: Source> Drop for Async<S> {
    fn drop(&mut self) {
        let waiting = self.reactor.waiting.borrow_mut().remove(&self.token);
        drop(waiting);
    }
}
