//! The deadline is known at the call and goes into the list; who has no waker is not counted.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

#[derive(Default)]
struct Timers {
    now: Duration,
    list: BTreeMap<(Duration, u64), Option<Waker>>,
    next_number: u64,
}

impl Loop {
    pub fn now(&self) -> Duration {
        self.inner.timers.borrow().now
    }

    pub fn sleep(&self, length: Duration) -> Sleep {
        let mut timers = self.inner.timers.borrow_mut();
        let deadline = timers.now.saturating_add(length);
        let number = timers.next_number;
        timers.next_number += 1;
        if !length.is_zero() {
            timers.list.insert((deadline, number), None);
        }
        Sleep { timers: self.inner.timers.clone(), deadline, number }
    }

    pub fn timers(&self) -> usize {
        self.inner.timers.borrow().list.values().flatten().count()
    }

    fn advance(&self) -> bool {
        let mut due = Vec::new();
        {
            let mut timers = self.inner.timers.borrow_mut();
            let Some((&(earliest, _), _)) = timers.list.first_key_value() else { return false };
            timers.now = earliest;
            while let Some(timer) = timers.list.first_entry()
                && timer.key().0 == earliest
            {
                due.push(timer.remove());
            }
        }
        due.into_iter().flatten().for_each(Waker::wake);
        true
    }
}

#[must_use = "a future does nothing until it is awaited"]
pub struct Sleep {
    timers: Rc<RefCell<Timers>>,
    deadline: Duration,
    number: u64,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut timers = this.timers.borrow_mut();
        if timers.now >= this.deadline {
            return Poll::Ready(());
        }
        let old = timers.list.insert((this.deadline, this.number), Some(cx.waker().clone()));
        drop(timers);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let timer = self.timers.borrow_mut().list.remove(&(self.deadline, self.number));
        drop(timer);
    }
}

// ---- Given: tasks and their queue. There is nothing to do from here on. ----

/// An event loop on the thread that made it. A clone is the same loop.
#[derive(Clone, Default)]
pub struct Loop {
    inner: Rc<Inner>,
}

#[derive(Default)]
struct Inner {
    timers: Rc<RefCell<Timers>>,
    tasks: RefCell<HashMap<u64, Task>>,
    next_id: Cell<u64>,
    ready: Ready,
}

type Task = Pin<Box<dyn Future<Output = ()>>>;
type Ready = Arc<Mutex<VecDeque<u64>>>;

/// What the waker of a task does: its number goes into the queue, once.
struct Bell(u64, Ready);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let mut ready = self.1.lock().unwrap();
        if !ready.contains(&self.0) {
            ready.push_back(self.0);
        }
    }
}

impl Loop {
    /// A loop without tasks and without timers.
    pub fn new() -> Self {
        Loop::default()
    }

    /// Puts a new task at the end of the queue.
    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let id = self.inner.next_id.get();
        self.inner.next_id.set(id + 1);
        self.inner.tasks.borrow_mut().insert(id, Box::pin(task));
        self.waker(id).wake();
    }

    /// Runs `main`, and all tasks in turns with it, until `main` is ready. Tasks
    /// that are left are dropped then. The clock goes on in the next call.
    ///
    /// # Panics
    /// `main` waits, and there is neither a task that is ready nor a timer.
    pub fn block_on<T: 'static>(&self, main: impl Future<Output = T> + 'static) -> T {
        let output = Rc::new(Cell::new(None));
        let there = output.clone();
        self.spawn(async move { there.set(Some(main.await)) });
        loop {
            while let Some(id) = self.next_ready() {
                self.turn(id);
                if let Some(output) = output.take() {
                    self.drop_tasks();
                    return output;
                }
            }
            if !self.advance() {
                panic!("no task is ready and no timer is set: this would wait for ever");
            }
        }
    }

    fn waker(&self, id: u64) -> Waker {
        Waker::from(Arc::new(Bell(id, self.inner.ready.clone())))
    }

    fn next_ready(&self) -> Option<u64> {
        self.inner.ready.lock().unwrap().pop_front()
    }

    fn turn(&self, id: u64) {
        // Not borrowed during the poll: the task may spawn.
        let task = self.inner.tasks.borrow_mut().remove(&id);
        let Some(mut task) = task else { return };
        let waker = self.waker(id);
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            self.inner.tasks.borrow_mut().insert(id, task);
        }
    }

    fn drop_tasks(&self) {
        // Nor during a drop. And what is dropped may have spawned, so look again.
        while !self.inner.tasks.borrow().is_empty() {
            drop(self.inner.tasks.take());
        }
    }
}
