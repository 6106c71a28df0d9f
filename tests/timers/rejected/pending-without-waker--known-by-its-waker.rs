//! Two sleeps are told apart by whom they wake: the one that is dropped takes out its waker.

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
    list: BTreeMap<Duration, Vec<Waker>>,
}

impl Loop {
    pub fn now(&self) -> Duration {
        self.inner.timers.borrow().now
    }

    pub fn sleep(&self, length: Duration) -> Sleep {
        let deadline = self.now().saturating_add(length);
        Sleep { timers: self.inner.timers.clone(), deadline, waker: None }
    }

    pub fn timers(&self) -> usize {
        self.inner.timers.borrow().list.values().map(Vec::len).sum()
    }

    fn advance(&self) -> bool {
        let mut due = Vec::new();
        {
            let mut timers = self.inner.timers.borrow_mut();
            let Some((&earliest, _)) = timers.list.first_key_value() else { return false };
            timers.now = earliest;
            while let Some(timer) = timers.list.first_entry()
                && *timer.key() == earliest
            {
                due.append(&mut timer.remove());
            }
        }
        due.into_iter().for_each(Waker::wake);
        true
    }
}

#[must_use = "a future does nothing until it is awaited"]
pub struct Sleep {
    timers: Rc<RefCell<Timers>>,
    deadline: Duration,
    waker: Option<Waker>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut timers = this.timers.borrow_mut();
        if timers.now >= this.deadline {
            return Poll::Ready(());
        }
        let waiting = timers.list.entry(this.deadline).or_default();
        let old = this.waker.replace(cx.waker().clone());
        match waiting.iter_mut().find(|waker| old.as_ref().is_some_and(|old| waker.will_wake(old)))
        {
            Some(mine) => *mine = cx.waker().clone(),
            None => waiting.push(cx.waker().clone()),
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let Some(mine) = &self.waker else { return };
        let mut timers = self.timers.borrow_mut();
        if let Some(waiting) = timers.list.get_mut(&self.deadline) {
            waiting.retain(|waker| !waker.will_wake(mine));
            if waiting.is_empty() {
                timers.list.remove(&self.deadline);
            }
        }
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
