//! Wakers send numbers through a channel. Tasks lie in slots, main has its own place, and a panic is caught and goes on after the end.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use kit::fake::{Event, Listener, Notifier, Selector, Socket, Source};

pub fn run<F>(selector: Selector, main: impl FnOnce(Rt) -> F) -> F::Output
where
    F: Future + 'static,
    F::Output: 'static,
{
    let (sender, receiver) = channel();
    let notifier = selector.notifier();
    let rt = Rt {
        slots: Rc::default(),
        timers: Rc::default(),
        reactor: Reactor::new(selector),
        ring: Ring { sender, notifier },
    };
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let main = Box::pin(main(rt.clone()));
        rt.until_ready(main, &receiver)
    }));
    // Taken out first: what is dropped may spawn into a slot.
    loop {
        let slots = rt.slots.take();
        if slots.iter().all(Option::is_none) {
            break;
        }
        drop(slots);
    }
    ran.unwrap_or_else(|panic| resume_unwind(panic))
}

/// The place of main.
const MAIN: usize = usize::MAX;

#[derive(Clone)]
struct Ring {
    sender: Sender<usize>,
    notifier: Notifier,
}

struct Bell(usize, Ring);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        // Nobody hears it if the loop is gone.
        let _ = self.1.sender.send(self.0);
        self.1.notifier.notify();
    }
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

#[derive(Clone)]
pub struct Rt {
    slots: Rc<RefCell<Vec<Option<Task>>>>,
    timers: Rc<RefCell<Timers>>,
    reactor: Rc<Reactor>,
    ring: Ring,
}

impl Rt {
    fn until_ready<T>(
        &self,
        mut main: Pin<Box<dyn Future<Output = T>>>,
        woken: &Receiver<usize>,
    ) -> T {
        self.waker(MAIN).wake();
        loop {
            let round: Vec<usize> = woken.try_iter().collect();
            for &slot in &round {
                let waker = self.waker(slot);
                let mut cx = Context::from_waker(&waker);
                if slot == MAIN {
                    if let Poll::Ready(output) = main.as_mut().poll(&mut cx) {
                        return output;
                    }
                    continue;
                }
                let Some(mut task) = self.slots.borrow_mut()[slot].take() else { continue };
                if task.as_mut().poll(&mut cx).is_pending() {
                    self.slots.borrow_mut()[slot] = Some(task);
                }
            }
            // A wake of its own has notified, too: then this does not sleep.
            let next = self.timers.borrow().next();
            let left = next.map(|next| next.saturating_duration_since(Instant::now()));
            let events = self.reactor.selector.select_for(left);
            self.reactor.wake(&events);
            let due = self.timers.borrow_mut().take_due(Instant::now());
            due.into_iter().for_each(Waker::wake);
        }
    }

    fn waker(&self, slot: usize) -> Waker {
        Waker::from(Arc::new(Bell(slot, self.ring.clone())))
    }

    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let slot = self.slots.borrow().len();
        self.slots.borrow_mut().push(Some(Box::pin(task)));
        self.waker(slot).wake();
    }

    pub fn sleep(&self, length: Duration) -> Sleep {
        Sleep::new(&self.timers, length)
    }

    pub fn listen(&self, listener: Listener) -> io::Result<Async<Listener>> {
        self.reactor.register(listener)
    }
}

pub async fn echo(rt: Rt, listener: Async<Listener>) {
    while let Ok(socket) = listener.accept().await {
        rt.spawn(async move {
            let mut buffer = [0; 1024];
            while let Ok(count) = socket.read(&mut buffer).await {
                if count == 0 || socket.write_all(&buffer[..count]).await.is_err() {
                    return;
                }
            }
        });
    }
}

// ---- As it was given. ----

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
