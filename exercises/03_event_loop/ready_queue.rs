//! ready_queue: many tasks, one thread, one queue.
//!
//! You know this from asyncio:
//!
//!     task = asyncio.create_task(fetch())    # stands in the loop's queue now
//!     task.cancel()
//!     page = loop.run_until_complete(main())
//!
//! Behind it is a deque, the ready queue. The loop takes a task out at the head
//! and polls it once. Who is `Pending` is put aside, until its waker is called;
//! a wake puts it in again at the end. That is all that a loop does, and it is
//! why ten thousand tasks that wait cost nothing: nobody looks at them.
//!
//! So a wake must say *who* was woken: each task has a waker of its own. And as a
//! waker may be called by any thread and at any moment, what it touches must be
//! made for that. The rest of the loop never leaves its thread: the tasks may
//! hold an `Rc`, and so may the loop.
//!
//! A task's future is its own code. While it is polled, and also while it is
//! dropped, it may use the loop: spawn, abort, ask how many are alive. Whatever
//! that needs must be free then.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

/// An event loop on the thread that made it. A clone is the same loop.
#[derive(Clone)]
pub struct Loop {
    // TODO: the tasks, and the queue of those that are ready.
}

impl Loop {
    /// A loop without tasks.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        todo!("nothing is there yet")
    }

    /// Puts a new task at the end of the queue. It is polled when its turn comes
    /// in `block_on`, not here. It goes on if its handle is dropped.
    pub fn spawn<F>(&self, task: F) -> Handle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let _ = task;
        todo!("keep it, and let it stand in the queue")
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
        let _ = main;
        todo!("take a task from the queue, poll it, and so on")
    }

    /// How many tasks there are: not ready yet, and not aborted or dropped.
    /// `main` is one of them, and so is the task that is asking.
    pub fn alive(&self) -> usize {
        todo!()
    }
}

/// A task's end, to be awaited: its output, or [`Cancelled`] if it was aborted,
/// or left when `main` was ready. It wakes the task that polled it last, which may
/// poll it again at once, inside of that wake.
///
/// It may be kept for longer than the loop.
#[must_use = "a handle that is dropped tells nothing: bind it, or await it"]
pub struct Handle<T> {
    // TODO: where will the output be found, and who waits for it?
    // (The PhantomData only stands for "uses T".)
    output: PhantomData<T>,
}

impl<T> Handle<T> {
    /// Ends the task: it is not polled again. Its future is dropped, here or when
    /// the loop next comes to it, and then its handle is ready. A task that is
    /// ready already stays as it is. One that aborts itself is in its last poll.
    pub fn abort(&self) {
        todo!("who holds the future, and who waits for it?")
    }
}

impl<T> Future for Handle<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let _ = cx;
        todo!("the output, or the end without one, or Pending")
    }
}

/// The task ended without an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
