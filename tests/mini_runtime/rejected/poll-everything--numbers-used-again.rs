//! A number is free again when its task is ready.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
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
        free: RefCell::default(),
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
    free: RefCell<Vec<u64>>,
}

impl Inner {
    fn poll(&self, id: u64) {
        let Some(mut task) = self.tasks.borrow_mut().remove(&id) else { return };
        let waker = Waker::from(Arc::new(Bell(id, self.ready.clone())));
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            self.tasks.borrow_mut().insert(id, task);
        } else {
            self.free.borrow_mut().push(id);
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
        let free = self.inner.free.borrow_mut().pop();
        let id = free.unwrap_or_else(|| self.inner.next.replace(self.inner.next.get() + 1));
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
