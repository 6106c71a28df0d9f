//! Who wakes on the thread of the loop need not ring. The queue is taken one by one, and the clock is read once a round.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use kit::fake::{Event, Listener, Notifier, Selector, Socket, Source};

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
    let rt = Rt {
        inner: Rc::new(Inner {
            ready: Arc::new(Ready {
                queue: Mutex::default(),
                notifier: selector.notifier(),
                thread: thread::current().id(),
            }),
            tasks: RefCell::default(),
            next_id: Cell::new(0),
            timers: Rc::default(),
            reactor: Reactor::new(selector),
        }),
    };
    // Before anything runs: from here on there is no way out that leaves a task.
    let closing = Closing(&rt.inner);
    let output = Rc::new(Cell::new(None));
    let (there, main) = (output.clone(), main(rt.clone()));
    rt.spawn(async move { there.set(Some(main.await)) });
    loop {
        // Who is woken from now on has a turn in the next round.
        for id in rt.inner.ready.take_all() {
            rt.inner.turn(id);
            if let Some(output) = output.take() {
                drop(closing);
                return output;
            }
        }
        rt.inner.look_around();
    }
}

/// The half of the loop that wakers reach, on whatever thread.
struct Ready {
    queue: Mutex<VecDeque<u64>>,
    notifier: Notifier,
    thread: ThreadId,
}

impl Ready {
    fn push(&self, id: u64) {
        {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            if !queue.contains(&id) {
                queue.push_back(id);
            }
        }
        // In this order: who is up again must find the number. And always, for the
        // loop may be on its way to sleep, past its look at the queue.
        if thread::current().id() != self.thread {
            self.notifier.notify();
        }
    }

    fn take_all(&self) -> VecDeque<u64> {
        std::mem::take(&mut *self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_empty(&self) -> bool {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

/// What the waker of a task reaches. Nothing of the task itself: a waker that is
/// kept for long keeps nothing else.
struct Bell(u64, Arc<Ready>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.1.push(self.0);
    }
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The half that stays on its thread.
struct Inner {
    ready: Arc<Ready>,
    tasks: RefCell<HashMap<u64, Task>>,
    next_id: Cell<u64>,
    timers: Rc<RefCell<Timers>>,
    reactor: Rc<Reactor>,
}

impl Inner {
    /// One turn for this task, if it is still there.
    fn turn(&self, id: u64) {
        // Not borrowed during the poll: the task may spawn.
        let task = self.tasks.borrow_mut().remove(&id);
        let Some(mut task) = task else { return };
        let waker = Waker::from(Arc::new(Bell(id, self.ready.clone())));
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            self.tasks.borrow_mut().insert(id, task);
        }
    }

    /// The end of a round: sleeps if nobody is ready, then wakes whom it concerns.
    fn look_around(&self) {
        let now = Instant::now();
        let timeout = if self.ready.is_empty() {
            let next = self.timers.borrow().next();
            // It may be over already: then it is no time at all.
            next.map(|deadline| deadline.saturating_duration_since(now))
        } else {
            Some(Duration::ZERO)
        };
        let events = self.reactor.selector.select_for(timeout);
        self.reactor.wake(&events);
        let due = self.timers.borrow_mut().take_due(now);
        due.into_iter().for_each(Waker::wake);
    }
}

/// As long as it lives, tasks do. A panic drops it, too.
struct Closing<'a>(&'a Inner);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        // What is dropped may spawn, so look again. And nothing is borrowed then.
        while !self.0.tasks.borrow().is_empty() {
            drop(self.0.tasks.take());
        }
    }
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
        let id = self.inner.next_id.get();
        self.inner.next_id.set(id + 1);
        self.inner.tasks.borrow_mut().insert(id, Box::pin(task));
        self.inner.ready.push(id);
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
    while let Ok(socket) = listener.accept().await {
        rt.spawn(async move {
            // An error is the end of this client, and nobody else's affair.
            let _ = say_back(&socket).await;
        });
    }
}

async fn say_back(socket: &Async<Socket>) -> io::Result<()> {
    let mut buffer = [0; 64];
    loop {
        match socket.read(&mut buffer).await? {
            0 => return Ok(()),
            count => socket.write_all(&buffer[..count]).await?,
        }
    }
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
