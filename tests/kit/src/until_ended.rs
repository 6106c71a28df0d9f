//! Awaiting an answer that may never end, or may want to be polled for ever.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::{blame, secs, timed};

/// Longer than any wait of a right answer in such a test.
const LIMIT: Duration = secs(12 * 3_600);

/// Polls at one moment. A right answer needs a few for each thing that happens.
const AT_ONCE: usize = 300;

/// Polls until it is ready; returns what it gives, and when. None if it waits for
/// ever, which means twelve hours of virtual time.
///
/// Polled more than `most` times, or 300 times at one moment, it fails the test:
/// `spins` says what that means after so much time. If it is ready only when the one
/// who gives up polls it, nobody has woken it (`pending-without-waker`).
///
/// ```no_run
/// # use std::pin::pin;
/// # use kit::*;
/// # async fn brew() -> u32 { 1 }
/// run(async {
///     let mut tea = pin!(brew());
///     let tea = until_ended("brew", 100, |_| "busy-wake", |cx| tea.as_mut().poll(cx)).await;
///     plainly().unless_eq(tea, Some((1, secs(3))));
/// });
/// ```
pub async fn until_ended<T>(
    who: &str,
    most: usize,
    spins: impl Fn(Duration) -> &'static str,
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> Option<(T, Duration)> {
    let mut given = None;
    // Erased here, so that the rest is compiled once, with the kit.
    let erased = poll_fn(|cx| poll(cx).map(|told| given = Some(told)));
    let time = watch(who, most, &spins, Box::pin(erased)).await?;
    Some((given?, time))
}

async fn watch(
    who: &str,
    most: usize,
    spins: &dyn Fn(Duration) -> &'static str,
    mut task: Pin<Box<dyn Future<Output = ()> + '_>>,
) -> Option<Duration> {
    let start = Instant::now();
    let (mut polls, mut at_once, mut moment) = (0, 0, start);
    let counted = poll_fn(|cx| {
        polls += 1;
        at_once = if Instant::now() == moment { at_once + 1 } else { 1 };
        moment = Instant::now();
        blame(spins(start.elapsed()))
            .because("polled-often", &[("who", &who), ("count", &polls)])
            .unless(polls <= most && at_once <= AT_ONCE);
        let polled = task.as_mut().poll(cx);
        // Nobody has woken it: this is the poll of the one who gives up.
        let late = polled.is_ready() && start.elapsed() >= LIMIT;
        blame("pending-without-waker").because("not-woken", &[("who", &who)]).unless(!late);
        polled
    });
    let (ended, time) = timed(timeout(LIMIT, counted)).await;
    ended.ok().map(|()| time)
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::sleep;

    use super::*;
    use crate::{capture, ms, run};

    /// What becomes of a future, and the pitfall if it fails.
    fn tried(future: impl Future<Output = u8>) -> (Option<(u8, Duration)>, Option<String>) {
        let mut got = None;
        let record = capture(|| {
            run(async {
                let mut future = Box::pin(future);
                let spins = |time| if time < secs(1) { "busy-wake" } else { "eof-spin" };
                got = until_ended("it", 1_000, spins, |cx| future.as_mut().poll(cx)).await;
            });
        });
        (got, record.diagnosis.and_then(|told| told.pitfall))
    }

    /// Wakes its task in each poll, `pause` apart.
    async fn restless(pause: Duration) -> u8 {
        loop {
            sleep(pause).await;
            let mut woken = false;
            poll_fn(|cx| {
                if std::mem::replace(&mut woken, true) {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
        }
    }

    #[test]
    fn what_ends_is_told_with_its_time() {
        let brew = async {
            sleep(secs(3)).await;
            7
        };
        assert_eq!(tried(brew), (Some((7, secs(3))), None));
        assert_eq!(tried(pending()), (None, None));
    }

    #[test]
    fn who_is_polled_too_often_is_told() {
        let told = |pitfall: &str| (None, Some(pitfall.to_owned()));
        assert_eq!(tried(restless(Duration::ZERO)), told("busy-wake"));
        assert_eq!(tried(restless(ms(100))), told("eof-spin"));
    }

    #[test]
    fn who_was_ready_and_woke_nobody_is_told() {
        let mut polls = 0;
        let unwoken = poll_fn(move |_| {
            polls += 1;
            if polls > 1 { Poll::Ready(7) } else { Poll::Pending }
        });
        assert_eq!(tried(unwoken), (None, Some("pending-without-waker".to_owned())));
    }
}
