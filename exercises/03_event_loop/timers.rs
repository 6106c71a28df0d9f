//! timers: a loop that knows what time it is.
//!
//! You know this from asyncio:
//!
//!     await asyncio.sleep(3)
//!     loop.call_later(3, wake)      # what happens inside of it
//!     loop.time()
//!
//! Beside the ready queue the loop has a second list: timers, each a deadline and
//! somebody to wake. While a task is ready, nobody looks at them. When none is, the
//! loop sleeps until the earliest deadline, and wakes who waits for it.
//!
//! Your clock is a virtual one. Where a real loop would sleep, it jumps: an hour
//! takes no time, and is an hour sharp. (So does the clock by which your other
//! answers are tested.)
//!
//! Setting a timer is easy. The art is to get rid of it. Most timers never go off:
//! they are time limits of work that was done in time. To cancel such a sleep is
//! to drop it, and the list of the loop hears of that only if you see to it.
//!
//! Below is the loop of the exercise before, without its handles. What is missing
//! comes first.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// The clock, and the sleeps that wait for it. A loop has one of these, in
/// `self.inner.timers`, shared with its sleeps.
#[derive(Default)]
struct Timers {
    // TODO: what time is it, who is to be woken, and when?
}

impl Loop {
    /// The loop's time: zero when the loop is made. It moves only in `advance`.
    pub fn now(&self) -> Duration {
        todo!()
    }

    /// Waits until so much time has gone by, counted from this call. `Duration::MAX`
    /// is as good as for ever.
    pub fn sleep(&self, length: Duration) -> Sleep {
        let _ = length;
        todo!("fix the deadline")
    }

    /// How many timers are set: of sleeps that were polled, and are neither due nor
    /// dropped. One sleep is one timer, however often it is polled.
    pub fn timers(&self) -> usize {
        todo!()
    }

    /// For `block_on`, when no task is ready. Moves the clock to the earliest
    /// deadline, and wakes the sleeps that are due then: who was the first to be
    /// polled is the first to be woken. Whoever is woken may use the loop at once,
    /// inside of that wake. False if no timer is set.
    fn advance(&self) -> bool {
        todo!("the only thing that makes time go by")
    }
}

/// A wait for the clock of its loop. Once it is due it is `Ready`, also in its
/// first poll; until then, it is the task that polled last that will be woken.
///
/// When it is dropped, its timer is gone, waker and all. It may be kept for longer
/// than the loop.
#[must_use = "a future does nothing until it is awaited"]
pub struct Sleep {
    // TODO: what must it know to find its timer again?
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        todo!("due, or Pending with a timer that is set")
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
