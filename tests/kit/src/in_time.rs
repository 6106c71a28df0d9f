//! A time-out that wakes nobody.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::sleep;

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

/// Whether it ends before the time is up.
pub(crate) async fn ends(limit: Duration, body: Pin<Box<dyn Future<Output = ()> + '_>>) -> bool {
    tokio::select! {
        biased;
        () = sleep(limit) => false,
        () = body => true,
    }
}
