//! When a task has had its turn, it is no longer queued.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

struct Queue {
    ready: Mutex<VecDeque<u64>>,
    thread: Thread,
}

impl Queue {
    fn push(&self, id: u64) {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).push_back(id);
        self.thread.unpark();
    }

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

struct Bell {
    id: u64,
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

struct Task {
    future: Option<Pin<Box<dyn Future<Output = ()>>>>,
    bell: Arc<Bell>,
}

struct Inner {
    tasks: RefCell<BTreeMap<u64, Task>>,
    next_id: Cell<u64>,
    queue: Arc<Queue>,
}

impl Inner {
    fn take(&self, id: u64) -> Option<Task> {
        self.tasks.borrow_mut().remove(&id)
    }

    fn take_any(&self) -> Option<Task> {
        self.tasks.borrow_mut().pop_first().map(|(_, task)| task)
    }

    fn poll_task(&self, id: u64) {
        let (mut future, bell) = {
            let mut tasks = self.tasks.borrow_mut();
            let Some(task) = tasks.get_mut(&id) else { return };
            let Some(future) = task.future.take() else { return };
            (future, task.bell.clone())
        };
        let waker = Waker::from(bell.clone());
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        bell.queued.store(false, Ordering::Release);
        match polled {
            Poll::Ready(()) => drop(self.take(id)),
            Poll::Pending => {
                if let Some(task) = self.tasks.borrow_mut().get_mut(&id) {
                    task.future = Some(future);
                }
            }
        }
    }
}

#[derive(Clone)]
pub struct Loop {
    inner: Rc<Inner>,
}

impl Loop {
    pub fn new() -> Self {
        let queue = Queue { ready: Mutex::default(), thread: thread::current() };
        let inner =
            Inner { tasks: RefCell::default(), next_id: Cell::new(0), queue: Arc::new(queue) };
        Loop { inner: Rc::new(inner) }
    }

    pub fn spawn<F>(&self, task: F) -> Handle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let id = self.inner.next_id.get();
        self.inner.next_id.set(id + 1);
        let end = Rc::new(End { state: RefCell::new(State::Running(None)) });
        let promise = Promise(end.clone());
        let future = Box::pin(async move {
            let output = task.await;
            promise.0.set(Ok(output));
        });
        let queue = self.inner.queue.clone();
        let bell = Arc::new(Bell { id, queued: AtomicBool::new(false), queue });
        let task = Task { future: Some(future), bell: bell.clone() };
        self.inner.tasks.borrow_mut().insert(id, task);
        bell.wake();
        Handle { id, inner: Rc::downgrade(&self.inner), end }
    }

    pub fn block_on<F>(&self, main: F) -> F::Output
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let running = Running::on_this_thread(&self.inner);
        let main = self.spawn(main);
        loop {
            self.inner.poll_task(self.inner.queue.pop());
            if let Some(output) = main.end.take() {
                drop(running);
                return output.expect("nobody has a handle by which to abort main");
            }
        }
    }

    pub fn alive(&self) -> usize {
        self.inner.tasks.borrow().len()
    }
}

thread_local! {
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
}

struct Running<'a>(&'a Inner);

impl<'a> Running<'a> {
    fn on_this_thread(inner: &'a Inner) -> Self {
        assert!(!IS_RUNNING.get(), "a loop is running on this thread already: await instead");
        IS_RUNNING.set(true);
        Running(inner)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        while let Some(task) = self.0.take_any() {
            drop(task);
        }
        IS_RUNNING.set(false);
    }
}

struct End<T> {
    state: RefCell<State<T>>,
}

enum State<T> {
    Running(Option<Waker>),
    Over(Result<T, Cancelled>),
    Taken,
}

impl<T> End<T> {
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

struct Promise<T>(Rc<End<T>>);

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        self.0.set(Err(Cancelled));
    }
}

#[must_use = "a handle that is dropped tells nothing: bind it, or await it"]
pub struct Handle<T> {
    id: u64,
    inner: Weak<Inner>,
    end: Rc<End<T>>,
}

impl<T> Handle<T> {
    pub fn abort(&self) {
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
            State::Running(waker) => *waker = Some(cx.waker().clone()),
            _ => panic!("a handle was polled after it was ready"),
        }
        Poll::Pending
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

impl Default for Loop {
    fn default() -> Self {
        Loop::new()
    }
}
