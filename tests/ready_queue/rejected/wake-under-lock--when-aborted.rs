//! An end without an output is simple: note it, and call whoever waits.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// The half that any thread may touch: who is ready, in the order of the wakes.
struct Queue {
    ready: Mutex<VecDeque<u64>>,
    /// Who is to be shaken when there is somebody in it.
    thread: Thread,
}

impl Queue {
    fn push(&self, id: u64) {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).push_back(id);
        // First the mark, then the shake: a `park` that is yet to begin returns
        // at once.
        self.thread.unpark();
    }

    /// The next task. Sleeps while there is none.
    fn pop(&self) -> u64 {
        loop {
            let next = self.ready.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            match next {
                Some(id) => return id,
                None => thread::park(),
            }
        }
    }
}

/// What the waker of a task reaches: its number, and the queue.
struct Bell {
    id: u64,
    /// Whether the number stands in the queue. So it never stands there twice.
    queued: AtomicBool,
    queue: Arc<Queue>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.queued.swap(true, Ordering::AcqRel) {
            self.queue.push(self.id);
        }
    }
}

/// A task that is alive.
struct Task {
    /// None while it is polled: its future is in the hands of `poll_task` then.
    future: Option<Pin<Box<dyn Future<Output = ()>>>>,
    bell: Arc<Bell>,
}

/// The half that stays on its thread.
struct Inner {
    tasks: RefCell<BTreeMap<u64, Task>>,
    /// Never used twice: a late wake finds no task, not another one.
    next_id: Cell<u64>,
    queue: Arc<Queue>,
}

impl Inner {
    /// Takes a task out, or does nothing. The borrow is over when this returns: it
    /// is the caller who drops the future, whose code may want the tasks itself.
    fn take(&self, id: u64) -> Option<Task> {
        self.tasks.borrow_mut().remove(&id)
    }

    fn take_any(&self) -> Option<Task> {
        self.tasks.borrow_mut().pop_first().map(|(_, task)| task)
    }

    /// One turn for this task, if it is still there.
    fn poll_task(&self, id: u64) {
        let (mut future, bell) = {
            let mut tasks = self.tasks.borrow_mut();
            let Some(task) = tasks.get_mut(&id) else { return };
            let Some(future) = task.future.take() else { return };
            (future, task.bell.clone())
        };
        // Before the poll, not after it: a wake that comes meanwhile must count.
        bell.queued.store(false, Ordering::Release);
        let waker = Waker::from(bell);
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(()) => drop(self.take(id)),
            // Still in the list? It may have aborted itself in this very poll.
            // Then `future` is all that is left of it, and ends here.
            Poll::Pending => {
                if let Some(task) = self.tasks.borrow_mut().get_mut(&id) {
                    task.future = Some(future);
                }
            }
        }
    }
}

/// An event loop on the thread that made it. A clone is the same loop.
#[derive(Clone)]
pub struct Loop {
    inner: Rc<Inner>,
}

impl Loop {
    /// A loop without tasks.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let queue = Queue { ready: Mutex::default(), thread: thread::current() };
        let inner =
            Inner { tasks: RefCell::default(), next_id: Cell::new(0), queue: Arc::new(queue) };
        Loop { inner: Rc::new(inner) }
    }

    /// Puts a new task at the end of the queue. It is polled when its turn comes
    /// in `block_on`, not here. It goes on if its handle is dropped.
    pub fn spawn<F>(&self, task: F) -> Handle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let id = self.inner.next_id.get();
        self.inner.next_id.set(id + 1);
        let end = Rc::new(End { state: RefCell::new(State::Running(None)) });
        // All tasks have one type: what a future gives goes to its handle, and
        // nothing of it is left for the loop.
        let promise = Promise(end.clone());
        let future = Box::pin(async move {
            let output = task.await;
            promise.0.set(Ok(output));
        });
        let queue = self.inner.queue.clone();
        let bell = Arc::new(Bell { id, queued: AtomicBool::new(false), queue });
        let task = Task { future: Some(future), bell: bell.clone() };
        self.inner.tasks.borrow_mut().insert(id, task);
        // Its first turn comes the way all others do.
        bell.wake();
        Handle { id, inner: Rc::downgrade(&self.inner), end }
    }

    /// Runs `main`, and all other tasks in turns with it, until `main` is ready.
    ///
    /// `main` is a task like the others, and begins at the end of the queue. Who is
    /// woken goes to the end of the queue; several wakes before its turn are one.
    /// Without a wake nobody is polled. While the queue is empty the thread sleeps.
    /// The future of a task that is ready is dropped at once.
    ///
    /// When `main` is ready, all tasks that are left are dropped, before this
    /// returns. The loop can be used again.
    ///
    /// # Panics
    /// A loop is running on this thread already, this one or another. One that a panic
    /// has ended is not running any more.
    pub fn block_on<F>(&self, main: F) -> F::Output
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let running = Running::on_this_thread(&self.inner);
        let main = self.spawn(main);
        loop {
            self.inner.poll_task(self.inner.queue.pop());
            // Asked after each turn, and not when the queue is empty: there may be
            // a task that is never done and always ready.
            if let Some(output) = main.end.take() {
                // Tasks before output: nobody should see one of them alive.
                drop(running);
                return output.expect("nobody has a handle by which to abort main");
            }
        }
    }

    /// How many tasks there are: not ready yet, and not aborted or dropped.
    /// `main` is one of them, and so is the task that is asking.
    pub fn alive(&self) -> usize {
        self.inner.tasks.borrow().len()
    }
}

thread_local! {
    /// Whether a loop runs on this thread. Of all loops: two that take turns by
    /// blocking each other are no better than one that blocks itself.
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// A loop that runs. When it stops, also by a panic, it lets go of its tasks.
struct Running<'a>(&'a Inner);

impl<'a> Running<'a> {
    fn on_this_thread(inner: &'a Inner) -> Self {
        // No guard is made before the question: it would say on its way out that
        // no loop runs here.
        assert!(!IS_RUNNING.get(), "a loop is running on this thread already: await instead");
        IS_RUNNING.set(true);
        Running(inner)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // One by one: a task that is dropped may spawn, or abort, another one.
        // This also opens the circle of a task that holds a clone of its loop.
        while let Some(task) = self.0.take_any() {
            drop(task);
        }
        IS_RUNNING.set(false);
    }
}

/// How a task ends, shared by the task and its handle. It has nothing of the
/// future itself, so a handle that is kept for long keeps no task in memory.
struct End<T> {
    state: RefCell<State<T>>,
}

enum State<T> {
    /// Not yet; and who wants to know.
    Running(Option<Waker>),
    Over(Result<T, Cancelled>),
    /// The handle has it.
    Taken,
}

impl<T> End<T> {
    /// The first end is the one that counts.
    fn set(&self, result: Result<T, Cancelled>) {
        let waker = {
            let mut state = self.state.borrow_mut();
            let State::Running(waker) = &mut *state else { return };
            let waker = waker.take();
            *state = State::Over(result);
            waker
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn take(&self) -> Option<Result<T, Cancelled>> {
        let mut state = self.state.borrow_mut();
        match std::mem::replace(&mut *state, State::Taken) {
            State::Over(result) => Some(result),
            other => {
                *state = other;
                None
            }
        }
    }
}

/// The task's side of its end: it also says so when the future is dropped half-way,
/// whoever drops it and why.
struct Promise<T>(Rc<End<T>>);

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        let mut state = self.0.state.borrow_mut();
        if let State::Running(waker) = &mut *state {
            let waker = waker.take();
            *state = State::Over(Err(Cancelled));
            waker.into_iter().for_each(Waker::wake);
        }
    }
}

/// A task's end, to be awaited: its output, or [`Cancelled`] if it was aborted,
/// or left when `main` was ready. It wakes the task that polled it last, which may
/// poll it again at once, inside of that wake.
///
/// It may be kept for longer than the loop.
#[must_use = "a handle that is dropped tells nothing: bind it, or await it"]
pub struct Handle<T> {
    id: u64,
    /// Weak: whoever keeps a handle does not keep the loop.
    inner: Weak<Inner>,
    end: Rc<End<T>>,
}

impl<T> Handle<T> {
    /// Ends the task: it is not polled again. Its future is dropped, here or when
    /// the loop next comes to it, and then its handle is ready. A task that is
    /// ready already stays as it is. One that aborts itself is in its last poll.
    pub fn abort(&self) {
        // To cancel is to drop. The promise in the future does the rest.
        if let Some(inner) = self.inner.upgrade() {
            drop(inner.take(self.id));
        }
    }
}

impl<T> Future for Handle<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(result) = self.end.take() {
            return Poll::Ready(result);
        }
        match &mut *self.end.state.borrow_mut() {
            // The latest one: a handle may go from task to task.
            State::Running(waker) => *waker = Some(cx.waker().clone()),
            _ => panic!("a handle was polled after it was ready"),
        }
        Poll::Pending
    }
}

/// The task ended without an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
