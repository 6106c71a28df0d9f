//! No queue: a wake draws a ticket, and the loop looks for the lowest one. Tasks
//! are shared by the loop and their handles.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};
use std::thread::{Thread, current, park};

use futures::task::{ArcWake, waker};

struct Ticket {
    number: AtomicU64,
    machine: Arc<AtomicU64>,
    thread: Thread,
}

impl ArcWake for Ticket {
    fn wake_by_ref(this: &Arc<Self>) {
        let number = this.machine.fetch_add(1, SeqCst);
        // Who has a ticket keeps it.
        if this.number.compare_exchange(0, number, SeqCst, SeqCst).is_ok() {
            this.thread.unpark();
        }
    }
}

type Output = Box<dyn Any>;

struct Task {
    ticket: Arc<Ticket>,
    future: RefCell<Option<Pin<Box<dyn Future<Output = Output>>>>>,
    aborted: Cell<bool>,
    over: Cell<bool>,
    result: RefCell<Option<Result<Output, Cancelled>>>,
    waits: RefCell<Option<Waker>>,
}

impl Task {
    fn end(&self, result: Result<Output, Cancelled>) {
        self.over.set(true);
        *self.result.borrow_mut() = Some(result);
        let waits = self.waits.take();
        if let Some(waits) = waits {
            waits.wake();
        }
    }

    fn abort(&self) {
        self.aborted.set(true);
        let future = self.future.take();
        if let Some(future) = future {
            drop(future);
            self.end(Err(Cancelled));
        }
    }

    fn turn(self: &Rc<Self>) {
        self.ticket.number.store(0, SeqCst);
        let Some(mut future) = self.future.take() else { return };
        let waker = waker(self.ticket.clone());
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => {
                drop(future);
                self.end(Ok(output));
            }
            Poll::Pending if self.aborted.get() => {
                drop(future);
                self.end(Err(Cancelled));
            }
            Poll::Pending => *self.future.borrow_mut() = Some(future),
        }
    }
}

#[derive(Clone)]
pub struct Loop {
    tasks: Rc<RefCell<Vec<Rc<Task>>>>,
    machine: Arc<AtomicU64>,
}

thread_local!(static LOOPS: Cell<u32> = const { Cell::new(0) });

/// One loop on this thread, for as long as it lives.
struct Running;

impl Running {
    fn alone() -> Self {
        // Made before the question, so that it takes back its own one.
        let running = Running;
        LOOPS.set(LOOPS.get() + 1);
        assert_eq!(LOOPS.get(), 1, "a loop runs on this thread");
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        LOOPS.set(LOOPS.get() - 1);
    }
}

impl Loop {
    pub fn new() -> Self {
        Loop { tasks: Rc::default(), machine: Arc::new(AtomicU64::new(1)) }
    }

    fn tidy(&self) {
        self.tasks.borrow_mut().retain(|task| !task.over.get());
    }

    pub fn alive(&self) -> usize {
        self.tidy();
        self.tasks.borrow().len()
    }

    pub fn spawn<F>(&self, task: F) -> Handle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let number = AtomicU64::new(self.machine.fetch_add(1, SeqCst));
        let ticket = Ticket { number, machine: self.machine.clone(), thread: current() };
        let task = Rc::new(Task {
            ticket: Arc::new(ticket),
            future: RefCell::new(Some(Box::pin(async { Box::new(task.await) as Output }))),
            aborted: Cell::new(false),
            over: Cell::new(false),
            result: RefCell::default(),
            waits: RefCell::default(),
        });
        self.tasks.borrow_mut().push(task.clone());
        Handle { task, output: PhantomData }
    }

    pub fn block_on<F>(&self, main: F) -> F::Output
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let _running = Running::alone();
        let main = self.spawn(main);
        while !main.task.over.get() {
            self.tidy();
            let next = {
                let tasks = self.tasks.borrow();
                let number = |task: &&Rc<Task>| task.ticket.number.load(SeqCst);
                tasks.iter().filter(|task| number(task) > 0).min_by_key(number).cloned()
            };
            match next {
                Some(task) => task.turn(),
                None => park(),
            }
        }
        loop {
            let left = self.tasks.borrow_mut().pop();
            match left {
                Some(left) => left.abort(),
                None => break,
            }
        }
        let output = main.task.result.take().expect("main is over");
        *output.ok().expect("nobody aborts main").downcast().expect("its own type")
    }
}

pub struct Handle<T> {
    task: Rc<Task>,
    output: PhantomData<fn() -> T>,
}

impl<T> Handle<T> {
    pub fn abort(&self) {
        if !self.task.over.get() {
            self.task.abort();
        }
    }
}

impl<T: 'static> Future for Handle<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let result = self.task.result.take();
        match result {
            Some(result) => {
                Poll::Ready(result.map(|output| *output.downcast().expect("its own type")))
            }
            None => {
                *self.task.waits.borrow_mut() = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
