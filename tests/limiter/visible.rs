//! So many at once, and so many in a second.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use exercise::limiter::{RateLimiter, bounded_gather};
use futures::future::BoxFuture;
use kit::{Log, blame, got_up, in_time, ms, plainly, run, secs, timed, took};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

#[test]
fn two_permits_are_two_jobs_at_once() {
    run(async {
        let (log, limit) = (Log::new(), Arc::new(Semaphore::new(0)));
        let jobs = vec![job(&log, "one", 300), job(&log, "two", 100), job(&log, "three", 150)];
        let gather = in_time(secs(3_600), bounded_gather(limit.clone(), jobs));
        // For a tenth of a second somebody else has the permits.
        let others = async {
            let got_up = got_up(ms(100)).await;
            limit.add_permits(2);
            sleep(ms(50)).await;
            (got_up, limit.available_permits())
        };
        let ((results, (got_up, free)), time) = timed(async { tokio::join!(gather, others) }).await;
        let begun = log.instants();
        if results.is_none() {
            // Somebody has the permits, and does not begin.
            let stands = begun.is_empty() && free == 0;
            let check = if stands { blame("inner-futures-starve") } else { plainly() };
            check.because("deadline", &[("limit", &"1 h")]).now();
        }
        blame("unbounded-fanout").unless(begun.first().is_none_or(|first| *first >= ms(100)));
        // Who waits is woken. A few times are nobody's fault.
        blame("busy-wake").unless(got_up < 5);
        // The third waits for the second.
        blame(all_at_once(free == 2)).unless(begun.get(2) != Some(&ms(100)));
        in_their_order(&log, &["one", "two", "three"]);
        // The first is done by then. It has a permit to itself: nobody waits for it.
        if time < ms(400) || begun.contains(&ms(400)) {
            took(time).should_be(ms(400));
        }
        plainly().unless_eq(begun, [100, 100, 200].map(ms));
        plainly().unless_eq(time, ms(400));
        blame("result-order-mixup").unless_eq(results, Some(vec!["one", "two", "three"]));
    });
}

#[test]
fn two_may_go_in_any_second() {
    run(async {
        let rate = limiter(2);
        let (moments, time) = timed(pass(&rate, 5)).await;
        if time.is_zero() {
            took(time).faster_means("unbounded-fanout").should_be(secs(2));
        }
        let wanted = [0, 0, 1_000, 1_000, 2_000].map(ms);
        if moments != wanted && asks_the_real_clock().await {
            blame("std-instant-under-virtual-clock").now();
        }
        plainly().unless_eq(moments, wanted);
    });
}

/// What it means that jobs begin for which there is no permit.
pub fn all_at_once(all_permits_are_free: bool) -> &'static str {
    if all_permits_are_free { "permit-dropped-by-underscore" } else { "unbounded-fanout" }
}

/// The jobs have begun in their order. Those that have not begun at all are another
/// matter.
pub fn in_their_order(log: &Log, names: &[&str]) {
    if log.lines().len() == names.len() {
        let (got, expected) = (format!("{:?}", log.lines()), format!("{names:?}"));
        plainly()
            .because("log-differs", &[("got", &got), ("expected", &expected)])
            .unless(got == expected);
    }
}

/// A job that says its name when it begins, and gives it back after so many
/// milliseconds.
pub fn job(log: &Log, name: &'static str, time: u64) -> BoxFuture<'static, &'static str> {
    let log = log.clone();
    Box::pin(async move {
        log.add(name);
        sleep(ms(time)).await;
        name
    })
}

/// So many in a second.
pub fn limiter(n: u32) -> RateLimiter {
    limiter_of(n, secs(1))
}

/// So many in any span of this length.
pub fn limiter_of(n: u32, per: Duration) -> RateLimiter {
    RateLimiter::new(NonZeroU32::new(n).expect("more than none"), per)
}

/// When each of so many went, counted from this call; each comes when the one
/// before it has gone.
pub async fn pass(rate: &RateLimiter, count: usize) -> Vec<Duration> {
    let (start, mut moments) = (Instant::now(), Vec::new());
    for _ in 0..count {
        rate.acquire().await;
        moments.push(start.elapsed());
    }
    moments
}

/// Whether real time counts where virtual time is meant.
async fn asks_the_real_clock() -> bool {
    // Some real time goes by, and no virtual time at all.
    let waits = async |per| {
        let rate = limiter_of(1, per);
        pass(&rate, 1).await;
        std::thread::sleep(ms(20));
        timed(rate.acquire()).await.1
    };
    // Of an hour much is left after that, by any clock.
    waits(secs(3_600)).await > secs(1_800) && waits(ms(10)).await < ms(10)
}
