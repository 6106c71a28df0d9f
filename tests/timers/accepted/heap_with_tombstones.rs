//! A heap cannot give back what is in its middle. So a sleep that is dropped takes
//! its waker out of the entry, and an entry without a waker does not count.

use std::cell::{Cell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// What the heap and the sleep have in common. The sleep is gone when this is the
/// heap's alone.
struct Entry {
    deadline: Duration,
    waker: RefCell<Option<Waker>>,
}

#[derive(Default)]
struct Timers {
    now: Duration,
    count: u64,
    heap: BinaryHeap<Reverse<(Duration, u64, ByPlace)>>,
}

/// Equal to all others: the two before it decide.
struct ByPlace(Rc<Entry>);

impl PartialEq for ByPlace {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ByPlace {}

impl PartialOrd for ByPlace {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByPlace {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl Timers {
    /// Those that were dropped are passed over, and never cost a step of the clock.
    fn tidy(&mut self) {
        while let Some(Reverse((_, _, top))) = self.heap.peek()
            && top.0.waker.borrow().is_none()
        {
            self.heap.pop();
        }
    }
}

impl Loop {
    pub fn now(&self) -> Duration {
        self.inner.timers.borrow().now
    }

    pub fn sleep(&self, length: Duration) -> Sleep {
        let deadline = self.now().saturating_add(length);
        let entry = Rc::new(Entry { deadline, waker: RefCell::new(None) });
        Sleep { timers: self.inner.timers.clone(), entry, is_set: false }
    }

    pub fn timers(&self) -> usize {
        let timers = self.inner.timers.borrow();
        timers.heap.iter().filter(|Reverse((_, _, e))| e.0.waker.borrow().is_some()).count()
    }

    fn advance(&self) -> bool {
        let mut due = Vec::new();
        let mut timers = self.inner.timers.borrow_mut();
        timers.tidy();
        let Some(Reverse((first, _, _))) = timers.heap.peek() else { return false };
        timers.now = *first;
        while let Some(Reverse((deadline, _, _))) = timers.heap.peek()
            && *deadline <= timers.now
        {
            let Some(Reverse((_, _, entry))) = timers.heap.pop() else { break };
            due.extend(entry.0.waker.take());
        }
        drop(timers);
        due.into_iter().for_each(Waker::wake);
        true
    }
}

pub struct Sleep {
    timers: Rc<RefCell<Timers>>,
    entry: Rc<Entry>,
    is_set: bool,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let timers = self.timers.clone();
        let mut timers = timers.borrow_mut();
        if self.entry.deadline <= timers.now {
            return Poll::Ready(());
        }
        *self.entry.waker.borrow_mut() = Some(cx.waker().clone());
        if !std::mem::replace(&mut self.is_set, true) {
            timers.count += 1;
            let count = timers.count;
            let entry = ByPlace(self.entry.clone());
            timers.heap.push(Reverse((self.entry.deadline, count, entry)));
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.entry.waker.take();
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
