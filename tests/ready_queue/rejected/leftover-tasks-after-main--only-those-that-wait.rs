//! Who is left is in the list when main is done; the list is emptied once.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::mem::take;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

type LocalFuture = Pin<Box<dyn Future<Output = ()>>>;

#[derive(Default)]
struct Ready {
    ids: Mutex<VecDeque<usize>>,
    news: Condvar,
}

struct TaskWaker {
    id: usize,
    ready: Arc<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        let mut ids = self.ready.ids.lock().unwrap();
        if !ids.contains(&self.id) {
            ids.push_back(self.id);
            self.ready.news.notify_one();
        }
    }
}

#[derive(Clone, Default)]
pub struct Loop(Rc<Inner>);

#[derive(Default)]
struct Inner {
    tasks: RefCell<HashMap<usize, LocalFuture>>,
    next: Cell<usize>,
    alive: Rc<Cell<usize>>,
    ready: Arc<Ready>,
}

thread_local!(static RUNNING: Cell<bool> = const { Cell::new(false) });

/// Gone when `block_on` is left, also by a panic.
struct Mark;

impl Drop for Mark {
    fn drop(&mut self) {
        RUNNING.set(false);
    }
}

impl Loop {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn alive(&self) -> usize {
        self.0.alive.get()
    }

    pub fn spawn<F>(&self, task: F) -> Handle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let id = self.0.next.replace(self.0.next.get() + 1);
        let waker = Waker::from(Arc::new(TaskWaker { id, ready: self.0.ready.clone() }));
        let count = Count(self.0.alive.clone());
        count.0.set(count.0.get() + 1);
        let end = Rc::new(RefCell::new(End {
            result: None,
            asks: None,
            aborted: false,
            count: Some(count),
        }));
        let mut work = Work { task: Some(Box::pin(task)), end: end.clone() };
        let work = std::future::poll_fn(move |cx| work.poll(cx));
        self.0.tasks.borrow_mut().insert(id, Box::pin(work));
        waker.wake_by_ref();
        Handle { end, task: waker }
    }

    pub fn block_on<F>(&self, main: F) -> F::Output
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        if RUNNING.replace(true) {
            panic!("there is a loop already");
        }
        let _mark = Mark;
        let main = self.spawn(main);
        let output = loop {
            let mut ids = self.0.ready.ids.lock().unwrap();
            let id = loop {
                match ids.pop_front() {
                    Some(id) => break id,
                    None => ids = self.0.ready.news.wait(ids).unwrap(),
                }
            };
            drop(ids);
            // Not in the map while it is polled; it is polled by nobody else.
            let Some(mut task) = self.0.tasks.borrow_mut().remove(&id) else { continue };
            let waker = Waker::from(Arc::new(TaskWaker { id, ready: self.0.ready.clone() }));
            if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
                self.0.tasks.borrow_mut().insert(id, task);
            }
            let result = main.end.borrow_mut().result.take();
            if let Some(Ok(output)) = result {
                break output;
            }
        };
        let left = take(&mut *self.0.tasks.borrow_mut());
        drop(left);
        output
    }
}

struct Count(Rc<Cell<usize>>);

impl Drop for Count {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

struct End<T> {
    result: Option<Result<T, Cancelled>>,
    asks: Option<Waker>,
    aborted: bool,
    count: Option<Count>,
}

struct Work<F: Future> {
    task: Option<Pin<Box<F>>>,
    end: Rc<RefCell<End<F::Output>>>,
}

impl<F: Future> Work<F> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.end.borrow().aborted
            && let Some(task) = &mut self.task
        {
            let Poll::Ready(output) = task.as_mut().poll(cx) else { return Poll::Pending };
            self.task = None;
            self.end(Ok(output));
        }
        Poll::Ready(())
    }

    fn end(&mut self, result: Result<F::Output, Cancelled>) {
        let asks = {
            let mut end = self.end.borrow_mut();
            end.count = None;
            end.result = Some(result);
            end.asks.take()
        };
        asks.into_iter().for_each(Waker::wake);
    }
}

impl<F: Future> Drop for Work<F> {
    fn drop(&mut self) {
        if self.task.take().is_some() {
            self.end(Err(Cancelled));
        }
    }
}

pub struct Handle<T> {
    end: Rc<RefCell<End<T>>>,
    task: Waker,
}

impl<T> Handle<T> {
    pub fn abort(&self) {
        let mut end = self.end.borrow_mut();
        (end.aborted, end.count) = (true, None);
        drop(end);
        self.task.wake_by_ref();
    }
}

impl<T> Future for Handle<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut end = self.end.borrow_mut();
        if let Some(result) = end.result.take() {
            return Poll::Ready(result);
        }
        end.asks = Some(cx.waker().clone());
        Poll::Pending
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
