//! A sorted list, of which each step takes the first one only. A sleep is a closure
//! that is polled, with a guard in it.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

#[derive(Default)]
struct Timers {
    now: Duration,
    next_place: usize,
    /// Sorted by deadline and place: whoever is first goes first, and alone.
    sorted: Vec<(Duration, usize, Waker)>,
}

impl Timers {
    fn find(&self, name: (Duration, usize)) -> Result<usize, usize> {
        self.sorted.binary_search_by(|timer| (timer.0, timer.1).cmp(&name))
    }
}

impl Loop {
    pub fn now(&self) -> Duration {
        self.inner.timers.borrow().now
    }

    pub fn sleep(&self, length: Duration) -> Sleep {
        let inner = self.inner.clone();
        let deadline = self.now().saturating_add(length);
        let mut name = None;
        let undo = Undo(inner.timers.clone(), Rc::default());
        let wait = poll_fn(move |cx| {
            let mut timers = inner.timers.borrow_mut();
            if timers.now >= deadline {
                return Poll::Ready(());
            }
            let place = *name.get_or_insert(timers.next_place);
            timers.next_place = timers.next_place.max(place + 1);
            undo.1.set(Some((deadline, place)));
            let timer = (deadline, place, cx.waker().clone());
            match timers.find((deadline, place)) {
                Ok(at) => timers.sorted[at] = timer,
                Err(at) => timers.sorted.insert(at, timer),
            }
            Poll::Pending
        });
        Sleep(Box::pin(wait))
    }

    pub fn timers(&self) -> usize {
        self.inner.timers.borrow().sorted.len()
    }

    fn advance(&self) -> bool {
        let first = {
            let mut timers = self.inner.timers.borrow_mut();
            if timers.sorted.is_empty() {
                return false;
            }
            let first = timers.sorted.remove(0);
            timers.now = first.0;
            first
        };
        first.2.wake();
        true
    }
}

type Name = Rc<Cell<Option<(Duration, usize)>>>;

struct Undo(Rc<RefCell<Timers>>, Name);

impl Drop for Undo {
    fn drop(&mut self) {
        let Some(name) = self.1.get() else { return };
        let mut timers = self.0.borrow_mut();
        if let Ok(at) = timers.find(name) {
            timers.sorted.remove(at);
        }
    }
}

pub struct Sleep(Pin<Box<dyn Future<Output = ()>>>);

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
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
