//! Polling on for as long as a future asks for it itself.

use std::future::Future;
use std::pin::Pin;
use std::task::{Poll, Waker};

use futures::Stream;
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::{Mock, MockStream, WakeCount, poll_with, secs};

/// What a test polls by hand, and of which it knows whether its task was woken.
pub trait ByHand {
    /// What it gives when it is ready.
    type Output;
    /// Polls once.
    fn turn(&mut self) -> Poll<Self::Output>;
    /// Whether its task was woken since that poll began.
    fn is_woken(&self) -> bool;
}

/// Polls, and polls again for as long as the task is woken at once: no virtual time
/// goes by. A right answer may go in steps, as one does that lets others go first;
/// the last poll tells what there is. None if it wants yet another turn after `most`
/// of them.
///
/// ```no_run
/// # use kit::*;
/// # async fn brew() {}
/// run(async {
///     let mut tea = mock("tea", brew());
///     let Some(tea) = settled(&mut tea, 10).await else { blame("busy-wake").now() };
///     plainly().unless(tea.is_pending());
/// });
/// ```
pub async fn settled<T: ByHand + ?Sized>(task: &mut T, most: usize) -> Option<Poll<T::Output>> {
    for _ in 0..most {
        let polled = task.turn();
        if polled.is_ready() {
            return Some(polled);
        }
        // Tokio wakes those who yield when all others have had their turn.
        yield_now().await;
        if !task.is_woken() {
            return Some(polled);
        }
    }
    None
}

/// Polls on although nobody has woken its task, ten times at most and five seconds
/// apart: whether polls and time are all that it needs.
pub async fn asked_again<T: ByHand + ?Sized>(task: &mut T) -> Poll<T::Output> {
    for _ in 0..10 {
        sleep(secs(5)).await;
        let polled = task.turn();
        if polled.is_ready() {
            return polled;
        }
    }
    Poll::Pending
}

impl<F: Future> ByHand for Mock<F> {
    type Output = F::Output;

    fn turn(&mut self) -> Poll<F::Output> {
        self.poll()
    }

    fn is_woken(&self) -> bool {
        self.is_woken()
    }
}

impl<S: Stream> ByHand for MockStream<S> {
    type Output = Option<S::Item>;

    fn turn(&mut self) -> Poll<Option<S::Item>> {
        self.poll_next()
    }

    fn is_woken(&self) -> bool {
        self.is_woken()
    }
}

/// A future that is polled with this waker for a while, and then perhaps by
/// somebody else. What [`counting_waker`](crate::counting_waker) gives goes in.
pub fn by_hand<'a, F: Future + ?Sized>(
    future: Pin<&'a mut F>,
    (wakes, waker): (&'a WakeCount, &'a Waker),
) -> LentFuture<'a, F> {
    LentFuture { future, wakes, waker, before: wakes.wakes() }
}

/// A future and the waker that it is polled with; see [`by_hand`].
pub struct LentFuture<'a, F: ?Sized> {
    future: Pin<&'a mut F>,
    wakes: &'a WakeCount,
    waker: &'a Waker,
    /// How often the waker had been called when the last poll began.
    before: usize,
}

impl<F: Future + ?Sized> ByHand for LentFuture<'_, F> {
    type Output = F::Output;

    fn turn(&mut self) -> Poll<F::Output> {
        self.before = self.wakes.wakes();
        poll_with(self.future.as_mut(), self.waker)
    }

    fn is_woken(&self) -> bool {
        self.wakes.wakes() > self.before
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};
    use std::pin::pin;

    use super::*;
    use crate::{counting_waker, gate, mock, run, strict};

    /// Pending for so many polls, each of which wakes the task.
    fn steps(mut left: usize) -> impl Future<Output = &'static str> {
        poll_fn(move |cx| {
            if left == 0 {
                return Poll::Ready("done");
            }
            left -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        })
    }

    #[test]
    fn a_task_that_goes_in_steps_has_its_turns() {
        run(async {
            let mut task = mock("task", steps(3));
            assert_eq!(settled(&mut task, 4).await, Some(Poll::Ready("done")));
            assert_eq!(task.polls(), 4);
            let mut task = mock("task", steps(3));
            assert_eq!(settled(&mut task, 3).await, None);
            assert_eq!(task.polls(), 3);
        });
    }

    #[test]
    fn who_waits_is_polled_once() {
        run(async {
            let mut task = mock("task", pending::<()>());
            assert_eq!(settled(&mut task, 10).await, Some(Poll::Pending));
            assert_eq!(task.polls(), 1);
            let mut task = mock("task", strict("part", 7));
            assert_eq!(settled(&mut task, 10).await, Some(Poll::Ready(7)));
        });
    }

    #[test]
    fn a_lent_future_knows_what_has_happened_since_its_last_poll() {
        run(async {
            let (opener, part) = gate("part");
            let mut both = pin!(async { (steps(2).await, part.await) });
            let (wakes, waker) = counting_waker("task");
            let mut lent = by_hand(both.as_mut(), (&wakes, &waker));
            assert_eq!(settled(&mut lent, 10).await, Some(Poll::Pending));
            assert!(wakes.wakes() == 2 && !lent.is_woken());
            opener.open(7);
            assert!(lent.is_woken());
            assert_eq!(both.await, ("done", 7));
        });
    }
}
