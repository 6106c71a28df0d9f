//! So many at once, and so many in a second.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use exercise::limiter::{RateLimiter, bounded_gather};
use futures::future::BoxFuture;
use kit::{Log, blame, ms, plainly, run, secs, timed, took};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

#[test]
fn two_permits_are_two_jobs_at_once() {
    run(async {
        let (log, limit) = (Log::new(), Arc::new(Semaphore::new(0)));
        let jobs = vec![job(&log, "one", 300), job(&log, "two", 100), job(&log, "three", 150)];
        let gather = bounded_gather(limit.clone(), jobs);
        // For a tenth of a second somebody else has the permits.
        let others = async {
            sleep(ms(100)).await;
            limit.add_permits(2);
            sleep(ms(50)).await;
            limit.available_permits()
        };
        let ((results, free), time) = timed(async { tokio::join!(gather, others) }).await;
        let begun = log.instants();
        blame("unbounded-fanout").unless(begun.first() >= Some(&ms(100)));
        // The third waits for the second.
        blame(all_at_once(free == 2)).unless(begun.get(2) != Some(&ms(100)));
        took(time).should_be(ms(400));
        plainly().unless_eq(log.lines(), ["one", "two", "three"]);
        plainly().unless_eq(begun, [100, 100, 200].map(ms));
        blame("result-order-mixup").unless_eq(results, ["one", "two", "three"]);
    });
}

#[test]
fn two_may_go_in_any_second() {
    run(async {
        let rate = limiter(2);
        let (moments, time) = timed(pass(&rate, 5)).await;
        if time < secs(2) {
            took(time).faster_means("unbounded-fanout").should_be(secs(2));
        }
        plainly().unless_eq(moments, [0, 0, 1_000, 1_000, 2_000].map(ms));
    });
}

/// What it means that jobs begin for which there is no permit.
pub fn all_at_once(all_permits_are_free: bool) -> &'static str {
    if all_permits_are_free { "permit-dropped-by-underscore" } else { "unbounded-fanout" }
}

/// A job that says its name when it begins, and gives it back after so many
/// milliseconds.
fn job(log: &Log, name: &'static str, time: u64) -> BoxFuture<'static, &'static str> {
    let log = log.clone();
    Box::pin(async move {
        log.add(name);
        sleep(ms(time)).await;
        name
    })
}

/// So many in a second.
pub fn limiter(n: u32) -> RateLimiter {
    RateLimiter::new(NonZeroU32::new(n).expect("more than none"), secs(1))
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
