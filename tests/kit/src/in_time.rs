//! A time-out that wakes nobody.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::time::Duration;

use futures::FutureExt;
use record::timeline::seconds;
use tokio::time::sleep;

use crate::{blame, plainly, secs, timed};

/// Awaits `future` for less than `limit`: what it gives, or None. What is ready only
/// at that very moment is too late.
///
/// Tokio's `timeout` polls the future before it looks at the clock, and so once more
/// when the time is up: a future that nobody has woken would be mended by the test
/// itself. Here the clock is asked first.
///
/// ```
/// # use std::task::Poll;
/// # use kit::*;
/// run(async {
///     let mut polls = 0;
///     let unwoken = std::future::poll_fn(|_| {
///         polls += 1;
///         if polls < 2 { Poll::Pending } else { Poll::Ready(()) }
///     });
///     plainly().unless_eq(in_time(secs(60), unwoken).await, None);
/// });
/// ```
pub async fn in_time<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    let mut given = None;
    // Erased here, so that the rest is compiled once, with the kit.
    ends(limit, Box::pin(async { given = Some(future.await) })).await;
    given
}

/// For what was not ready [`in_time`]: now it is polled, now and then, although nobody has
/// woken it. If that ends it, somebody should have (`pending-without-waker`).
///
/// ```no_run
/// # use kit::*;
/// # async fn brew() -> u32 { 1 }
/// run(async {
///     let mut tea = Box::pin(brew());
///     if in_time(secs(60), tea.as_mut()).await.is_none() {
///         not_forgotten(secs(60), tea.as_mut()).await;
///         // It waits for what never comes.
///         blame("self-kept-sender").now();
///     }
/// });
/// ```
pub async fn not_forgotten<F: Future + ?Sized>(limit: Duration, mut unwoken: Pin<&mut F>) {
    // It may take a step for each of the things that it waits for, and some need time.
    for _ in 0..10 {
        let ended = unwoken.as_mut().now_or_never().is_some();
        let limit = seconds(limit);
        blame("pending-without-waker").because("deadline", &[("limit", &limit)]).unless(!ended);
        sleep(secs(5)).await;
    }
}

/// Awaits what should end long before `limit`: what it gives, after what time, and whether
/// it was ever `Pending`. If it does not, the test fails, and says whether it is
/// [`not_forgotten`].
pub async fn outcome<F: Future + ?Sized>(
    limit: Duration,
    mut future: Pin<&mut F>,
) -> (F::Output, Duration, bool) {
    let mut waited = false;
    let ended = poll_fn(|cx| {
        let polled = future.as_mut().poll(cx);
        waited |= polled.is_pending();
        polled
    });
    let (ended, time) = timed(in_time(limit, ended)).await;
    let Some(output) = ended else {
        not_forgotten(limit, future).await;
        plainly().because("deadline", &[("limit", &seconds(limit))]).now()
    };
    (output, time, waited)
}

/// Whether it ends before the time is up.
pub(crate) async fn ends(limit: Duration, body: Pin<Box<dyn Future<Output = ()> + '_>>) -> bool {
    tokio::select! {
        biased;
        () = sleep(limit) => false,
        () = body => true,
    }
}
