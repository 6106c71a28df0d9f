//! write_the_tests: who tests the tests?
//!
//! You know this from pytest-asyncio:
//!
//!     @pytest.mark.asyncio
//!     async def test_what_goes_in_comes_out():
//!         queue = asyncio.Queue(2)
//!         await queue.put(1)
//!         assert await queue.get() == 1
//!
//! This test passes. Would it fail if the queue were a stack? If it had room for three?
//! If a `get` that is cancelled took an item with it?
//!
//! Here you write the tests, and they are tested. Each suite runs with implementations
//! that are right, in one way or another, and passes: it returns. It also runs with
//! faulty ones, each with one fault, and must not pass: it panics, or waits for ever.
//!
//! Each run of a suite has a runtime of its own, with one thread and a paused clock. The
//! clock goes on when everybody waits, and then at once to the next moment when somebody
//! is to be woken. So hours cost nothing, and times can be compared for equality. The
//! clock to ask is `tokio::time::Instant`. `assert_eq!` is all that is needed to complain.

use std::time::Duration;

/// Lets `n` through in any span of `per`, and no more, wherever the span begins.
/// Leave this one as it is.
pub trait Limiter: Send + Sync + 'static {
    /// Nobody has gone yet, so the first `n` need not wait.
    fn new(n: usize, per: Duration) -> Self;

    /// Waits until one may go. That is as soon as the limit allows, and who asked first
    /// goes first. A call that is dropped while it waits has not gone.
    fn acquire(&self) -> impl Future<Output = ()> + Send;
}

/// Holds so many items at most; the first one in is the first one out.
/// Leave this one as it is.
pub trait Queue: Send + Sync + 'static {
    /// It is empty. There is room for as many.
    fn new(room: usize) -> Self;

    /// Puts `item` in, as soon as there is room. Gives it back if the queue is closed,
    /// be it before or while this waits. If it is dropped while it waits, it has not put
    /// in anything.
    fn push(&self, item: u32) -> impl Future<Output = Result<(), u32>> + Send;

    /// Takes an item out, as soon as there is one. If the queue is closed and nothing is
    /// left, it gives None, also if it has been waiting. If it is dropped before it has
    /// given an item, it has not taken one.
    ///
    /// It may go from one task to another: whoever polled it last is woken.
    fn pop(&self) -> impl Future<Output = Option<u32>> + Send;

    /// From now on nothing can be put in. What is in there can still be taken out.
    fn close(&self);
}

/// Passes with each limiter that does what [`Limiter`] promises, and with no other.
///
/// How often a future says Pending before it is ready, and which task does what, is not
/// promised, so do not rely on it.
pub async fn limiter_suite<L: Limiter>() {
    todo!("try what is promised, sentence by sentence")
}

/// Passes with each queue that does what [`Queue`] promises, and with no other.
pub async fn queue_suite<Q: Queue>() {
    todo!("try what is promised, sentence by sentence")
}
