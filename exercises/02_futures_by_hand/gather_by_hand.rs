//! gather_by_hand: wait for a whole list.
//!
//! You know this from asyncio:
//!
//!     pages = await asyncio.gather(*[fetch(url) for url in urls])
//!
//!     async with asyncio.TaskGroup() as group:  # the first error ends the wait,
//!         for url in urls:                      # and cancels the others
//!             group.create_task(fetch(url))
//!
//! `join_all` is the first, `try_join_all` the second. No event loop does the
//! work here: your future polls its parts, each time when it is polled itself.
//!
//! Before you return `Pending`, think of all the parts. The task sleeps until
//! one of them calls the waker. A part can do that only if it has the waker,
//! and it has the waker only if you have polled it. A part that is `Ready` is
//! over: take its result, and do not poll it again.
//!
//! Where do the parts live? A future must not move after its first poll, and a
//! `Vec` moves what is in it: when it grows, and when something is taken out.
//!
//! One more thing, for the day when the compiler says "cannot borrow data in
//! dereference of `Pin<…>` as mutable". Through a `Pin` you may change fields
//! only of a type that is `Unpin`: moving it does no harm. A type that keeps
//! results of any kind in a `Vec` is not `Unpin` by itself, for one of those might
//! not be. If nothing that lies in your struct itself is ever pinned, you may say
//! that the struct is: `impl<F: Future> Unpin for JoinAll<F> {}`. That is safe.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Waits for all parts. The results stand in the order of the parts.
///
/// The parts and their results may be of any type, and may borrow. Nothing is
/// polled before the future that this returns is polled.
pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    let _ = iter;
    todo!("keep the parts somewhere, unpolled")
}

/// Waits for all parts, or until one of them fails.
///
/// If all are `Ok`, it gives their values in the order of the parts.
pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let _ = iter;
    todo!("the same; only the poll differs")
}

/// The future that [`join_all`] returns. It may change threads if the parts and
/// their results may.
#[must_use = "a future does nothing until it is awaited"]
pub struct JoinAll<F: Future> {
    // TODO: the parts, and the results that are there already.
    // (The PhantomData only stands for "uses F".)
    parts: PhantomData<F>,
}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    /// `Ready` in the poll in which the last part is ready. Until then, each
    /// part that is not ready wakes the task that polled last.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let _ = cx;
        todo!("poll the parts, keep what they give, and see if all is there")
    }
}

/// The future that [`try_join_all`] returns. It may change threads if the parts
/// and their results may.
#[must_use = "a future does nothing until it is awaited"]
pub struct TryJoinAll<F: Future> {
    parts: PhantomData<F>,
}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    /// As above. But the poll that meets an error returns it, and by then all
    /// parts are dropped, even if this future itself is kept for longer.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let _ = cx;
        todo!("as above, with an eye on errors")
    }
}
