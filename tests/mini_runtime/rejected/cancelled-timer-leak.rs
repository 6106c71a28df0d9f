//! "A heap is simpler: the earliest deadline is on top." A sleep that was dropped stays in it.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use kit::fake::{Event, Listener, Notifier, Selector, Socket, Source};

pub fn run<F>(selector: Selector, main: impl FnOnce(Rt) -> F) -> F::Output
where
    F: Future + 'static,
    F::Output: 'static,
{
    let inner = Rc::new(Inner {
        timers: Rc::default(),
        ready: Arc::new(Ready { queue: Mutex::default(), notifier: selector.notifier() }),
        reactor: Reactor::new(selector),
        tasks: RefCell::default(),
        next: Cell::new(0),
    });
    let _end = End(inner.clone());
    let rt = Rt { inner: inner.clone() };
    let output = Rc::new(Cell::new(None));
    let (there, main) = (output.clone(), main(rt.clone()));
    rt.spawn(async move { there.set(Some(main.await)) });
    loop {
        let ready = std::mem::take(&mut *inner.ready.queue.lock().unwrap());
        for id in ready {
            inner.poll(id);
            if let Some(output) = output.take() {
                return output;
            }
        }
        inner.look();
    }
}

struct Ready {
    queue: Mutex<Vec<u64>>,
    notifier: Notifier,
}

struct Bell(u64, Arc<Ready>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.1.queue.lock().unwrap().push(self.0);
        self.1.notifier.notify();
    }
}

struct Inner {
    timers: Rc<RefCell<Timers>>,
    reactor: Rc<Reactor>,
    ready: Arc<Ready>,
    tasks: RefCell<HashMap<u64, Pin<Box<dyn Future<Output = ()>>>>>,
    next: Cell<u64>,
}

impl Inner {
    fn poll(&self, id: u64) {
        let Some(mut task) = self.tasks.borrow_mut().remove(&id) else { return };
        let waker = Waker::from(Arc::new(Bell(id, self.ready.clone())));
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            self.tasks.borrow_mut().insert(id, task);
        }
    }

    fn look(&self) {
        let timeout = if self.ready.queue.lock().unwrap().is_empty() {
            let next = self.timers.borrow().next();
            next.map(|next| next.saturating_duration_since(Instant::now()))
        } else {
            Some(Duration::ZERO)
        };
        let events = self.reactor.selector.select_for(timeout);
        self.reactor.wake(&events);
        let due = self.timers.borrow_mut().take_due(Instant::now());
        due.into_iter().for_each(Waker::wake);
    }
}

struct End(Rc<Inner>);

impl Drop for End {
    fn drop(&mut self) {
        while !self.0.tasks.borrow().is_empty() {
            let tasks = self.0.tasks.take();
            drop(tasks);
        }
    }
}

#[derive(Clone)]
pub struct Rt {
    inner: Rc<Inner>,
}

impl Rt {
    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let id = self.inner.next.get();
        self.inner.next.set(id + 1);
        self.inner.tasks.borrow_mut().insert(id, Box::pin(task));
        Arc::new(Bell(id, self.inner.ready.clone())).wake();
    }

    pub fn sleep(&self, length: Duration) -> Sleep {
        Sleep::new(&self.inner.timers, length)
    }

    pub fn listen(&self, listener: Listener) -> io::Result<Async<Listener>> {
        self.inner.reactor.register(listener)
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

#[derive(Default)]
struct Timers {
    heap: BinaryHeap<Reverse<Timer>>,
}

struct Timer(Instant, Waker);

impl PartialEq for Timer {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Timer {}

impl PartialOrd for Timer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl Timers {
    fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|timer| timer.0.0)
    }

    fn take_due(&mut self, now: Instant) -> Vec<Waker> {
        let mut due = Vec::new();
        while self.next().is_some_and(|next| next <= now) {
            due.extend(self.heap.pop().map(|timer| timer.0.1));
        }
        due
    }
}

pub struct Sleep {
    timers: Rc<RefCell<Timers>>,
    deadline: Instant,
}

impl Sleep {
    fn new(timers: &Rc<RefCell<Timers>>, length: Duration) -> Self {
        Sleep { timers: timers.clone(), deadline: Instant::now() + length }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.deadline {
            return Poll::Ready(());
        }
        let timer = Timer(self.deadline, cx.waker().clone());
        self.timers.borrow_mut().heap.push(Reverse(timer));
        Poll::Pending
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
