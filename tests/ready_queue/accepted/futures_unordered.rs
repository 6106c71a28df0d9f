//! The queue of `FuturesUnordered` is in the order of the wakes and polls only
//! who was woken. What is spawned waits outside, since a task that is polled
//! cannot add to it.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{Thread, current, park};

use futures::future::{AbortHandle, Abortable, LocalBoxFuture};
use futures::stream::{FuturesUnordered, Stream};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[derive(Clone, Default)]
pub struct Loop {
    new: Rc<RefCell<Vec<LocalBoxFuture<'static, ()>>>>,
    alive: Rc<Cell<usize>>,
}

thread_local!(static INSIDE: Cell<bool> = const { Cell::new(false) });

struct Alive(Rc<Cell<usize>>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Loop {
    pub fn new() -> Self {
        Loop::default()
    }

    pub fn alive(&self) -> usize {
        self.alive.get()
    }

    pub fn spawn<F>(&self, task: F) -> Handle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        self.alive.set(self.alive.get() + 1);
        let alive = Alive(self.alive.clone());
        let (tell, end) = tokio::sync::oneshot::channel();
        let (abort, registration) = AbortHandle::new_pair();
        let task = Abortable::new(task, registration);
        self.new.borrow_mut().push(Box::pin(async move {
            // Its future is dropped by the time that this is there.
            let result = task.await;
            drop(alive);
            if let Ok(output) = result {
                let _ = tell.send(output);
            }
        }));
        Handle { end, abort }
    }

    pub fn block_on<F>(&self, main: F) -> F::Output
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        assert!(!INSIDE.replace(true), "a loop runs here");
        let mut main = self.spawn(main);
        let mut tasks: FuturesUnordered<LocalBoxFuture<'static, ()>> = FuturesUnordered::new();
        let waker = Waker::from(Arc::new(Unpark(current())));
        let mut cx = Context::from_waker(&waker);
        let output = loop {
            for new in self.new.take() {
                tasks.push(new);
            }
            let polled = Pin::new(&mut tasks).poll_next(&mut cx);
            if let Ok(output) = main.end.try_recv() {
                break output;
            }
            if polled.is_pending() && self.new.borrow().is_empty() {
                park();
            }
        };
        drop(tasks);
        while !self.new.borrow().is_empty() {
            drop(self.new.take());
        }
        INSIDE.set(false);
        output
    }
}

pub struct Handle<T> {
    end: tokio::sync::oneshot::Receiver<T>,
    abort: AbortHandle,
}

impl<T> Handle<T> {
    pub fn abort(&self) {
        self.abort.abort();
    }
}

impl<T> Future for Handle<T> {
    type Output = Result<T, Cancelled>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.end).poll(cx).map_err(|_| Cancelled)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
