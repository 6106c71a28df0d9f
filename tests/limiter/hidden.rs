//! The rest of the contract: who has a permit and how long, what becomes of it
//! after a panic and a drop; who may go when, and in which order.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use exercise::limiter::bounded_gather;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::{
    Cut, Tally, blame, mock, ms, no_tasks_left, plainly, poll_with, require_send, require_sync,
    run, secs, settled, sweep, timed, took,
};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

use crate::visible::{all_at_once, limiter, pass};

#[test]
fn no_job_begins_without_a_permit() {
    run(async {
        let (limit, work) = at_work(2);
        let mut others = Vec::new();
        for _ in 0..2 {
            others.push(limit.clone().acquire_owned().await.expect("it is open"));
        }
        let gather = bounded_gather(limit.clone(), jobs(&work, &[100, 100, 100]));
        let looks_on = async {
            sleep(ms(10)).await;
            blame("unbounded-fanout").unless(work.made() == 0);
            others.pop();
            sleep(ms(10)).await;
            blame(all_at_once(limit.available_permits() == 1)).unless(work.made() < 2);
            plainly().unless_eq((work.made(), limit.available_permits()), (1, 0));
            others.pop();
            sleep(ms(10)).await;
            plainly().unless_eq((work.made(), limit.available_permits()), (2, 0));
        };
        let (results, ()) = tokio::join!(gather, looks_on);
        plainly().unless_eq((results, limit.available_permits()), (vec![0, 1, 2], 2));
    });
}

#[test]
fn one_limit_is_for_all_who_use_it() {
    run(async {
        let (limit, work) = at_work(3);
        let gather = || bounded_gather(limit.clone(), jobs(&work, &[100; 5]));
        let ((one, other), time) = timed(async { tokio::join!(gather(), gather()) }).await;
        blame("unbounded-fanout").unless(work.peak() <= 3);
        took(time).should_be(ms(400));
        let wanted = vec![0, 1, 2, 3, 4];
        plainly().unless_eq((work.peak(), one, other), (3, wanted.clone(), wanted));
    });
}

#[test]
fn a_permit_is_free_again_when_its_job_is_done() {
    run(async {
        let (limit, work) = at_work(2);
        let times = [1_000, 300, 200, 500, 100];
        let (results, time) = timed(bounded_gather(limit, jobs(&work, &times))).await;
        // The first one is at work all the time, the others one after the other.
        took(time).should_be(ms(1_100));
        blame("result-order-mixup").unless_eq(results, [0, 1, 2, 3, 4]);
    });
}

#[test]
fn any_number_of_jobs_will_do() {
    run(async {
        for (count, time) in [(0, 0), (1, 100), (3, 100), (50, 500)] {
            let (limit, work) = at_work(10);
            let all = bounded_gather(limit, jobs(&work, &vec![100; count]));
            let (results, took) = timed(all).await;
            plainly().unless_eq((results.len(), took), (count, ms(time)));
            plainly().unless_eq(work.peak(), count.min(10));
        }
    });
}

#[test]
fn a_panic_comes_out_and_keeps_no_permit() {
    run(async {
        let (limit, work) = at_work(2);
        let one = bounded_gather(limit.clone(), jobs(&work, &[100])).await;
        plainly().unless_eq(one, [0]);
        let mut jobs = jobs(&work, &[100, 500, 100]);
        jobs.insert(1, Box::pin(async { panic!("a job went wrong") }));
        let gather = timeout(secs(3_600), bounded_gather(limit.clone(), jobs));
        let ended = AssertUnwindSafe(gather).catch_unwind().await;
        sleep(ms(1)).await; // an aborted task needs a turn to go
        blame("swallowed-join-error").unless(!matches!(ended, Ok(Ok(_))));
        plainly().because("deadline", &[("limit", &"1 h")]).unless(ended.is_err());
        no_tasks_left("dropped-handle-detaches");
        work.should_live(0, "dropped-handle-detaches");
        blame("cancel-tears-state").unless_eq(limit.available_permits(), 2);
    });
}

#[test]
fn whoever_drops_it_ends_the_jobs_and_gets_the_permits() {
    run(async {
        sweep(async |cut| {
            let (limit, work) = at_work(2);
            let gather = bounded_gather(limit.clone(), jobs(&work, &[100, 200, 100, 100]));
            cut.run(gather).await;
            sleep(ms(1)).await;
            no_tasks_left("dropped-handle-detaches");
            work.should_live(0, "dropped-handle-detaches");
            blame("cancel-tears-state").unless_eq(limit.available_permits(), 2);
        })
        .await;
    });
}

#[test]
fn after_a_long_rest_no_more_may_go_than_ever() {
    run(async {
        for n in [1, 3] {
            let rate = limiter(n);
            pass(&rate, 1).await;
            sleep(secs(10)).await;
            let moments = pass(&rate, 3 * n as usize).await;
            let at_once = moments.iter().filter(|m| **m == moments[0]).count();
            blame("interval-burst").unless(at_once <= n as usize);
            let wanted: Vec<_> = (0..3 * n).map(|k| secs((k / n).into())).collect();
            plainly().unless_eq(moments, wanted);
        }
    });
}

#[test]
fn a_second_begins_with_each_who_went() {
    run(async {
        let rate = limiter(2);
        pass(&rate, 1).await;
        sleep(ms(900)).await;
        // The first counts for another 100 ms, and then who went now does.
        plainly().unless_eq(pass(&rate, 5).await, [0, 100, 1_000, 1_100, 2_000].map(ms));
    });
}

#[test]
fn first_come_first_served() {
    run(async {
        let rate = limiter(1);
        pass(&rate, 1).await;
        let mut early = mock("early", rate.acquire());
        let mut late = mock("late", rate.acquire());
        for task in [&mut early, &mut late] {
            let Some(polled) = settled(task, 4).await else { blame("busy-wake").now() };
            blame("unbounded-fanout").unless(polled.is_pending());
            sleep(ms(300)).await;
        }
        sleep(ms(400)).await;
        // It is time for one of them. The one that came later looks first.
        plainly().unless(late.poll().is_pending());
        plainly().unless(settled(&mut early, 4).await == Some(Poll::Ready(())));
        sleep(secs(1)).await;
        plainly().unless(settled(&mut late, 4).await == Some(Poll::Ready(())));
    });
}

#[test]
fn whoever_gives_up_costs_nothing() {
    run(async {
        counts_from_who_went().await;
        // Given up while it waits, and when it might have gone already.
        for moment in [ms(300), ms(1_000)] {
            let with_another = goes_after(moment, true).await;
            let alone = goes_after(moment, false).await;
            blame("cancel-tears-state").unless_eq(with_another, alone);
            plainly().unless_eq(alone, secs(1));
        }
    });
}

#[test]
fn dropped_at_any_await_it_has_gone_or_not() {
    run(async {
        counts_from_who_went().await;
        for pause in [ms(0), ms(900)] {
            let next = async |cut: Option<&mut Cut>| {
                let (start, rate) = (Instant::now(), limiter(2));
                pass(&rate, 1).await;
                sleep(pause).await;
                pass(&rate, 1).await;
                if let Some(cut) = cut
                    && cut.run(rate.acquire()).await.is_some()
                {
                    return None;
                }
                rate.acquire().await;
                Some(start.elapsed())
            };
            let alone = next(None).await;
            sweep(async |cut| {
                let after = next(Some(cut)).await;
                blame("cancel-tears-state").unless(after.is_none() || after == alone);
            })
            .await;
            plainly().unless_eq(alone, Some(secs(1)));
        }
    });
}

#[test]
fn a_wait_begins_when_it_is_polled() {
    run(async {
        let alone = pass(&limiter(1), 2).await;
        let rate = limiter(1);
        let unpolled = rate.acquire();
        let beside_it = pass(&rate, 2).await;
        drop(unpolled);
        blame("eager-before-poll").unless_eq(&beside_it, &alone);
        plainly().unless_eq(alone, [ms(0), secs(1)]);
    });
}

#[test]
fn tasks_may_use_and_share_it() {
    run(async {
        let rate = limiter(2);
        require_sync(&rate); // gate: non-send-across-await
        require_send(&rate.acquire()); // gate: non-send-across-await
        plainly().unless_eq(pass(&rate, 3).await, [ms(0), ms(0), secs(1)]);
    });
}

/// A semaphore of so many permits, and a count of the jobs that are at work.
fn at_work(permits: usize) -> (Arc<Semaphore>, Tally) {
    (Arc::new(Semaphore::new(permits)), Tally::of("jobs at work"))
}

/// A job for each of these times, in milliseconds; it gives back its number.
fn jobs(work: &Tally, times: &[u64]) -> Vec<BoxFuture<'static, usize>> {
    let job = |(number, time): (usize, &u64)| -> BoxFuture<'static, usize> {
        let (work, time) = (work.clone(), ms(*time));
        Box::pin(async move {
            let _at_work = work.token();
            sleep(time).await;
            number
        })
    };
    times.iter().enumerate().map(job).collect()
}

/// Who comes later waits less: without that, nobody can say what a wait that was
/// given up has cost.
async fn counts_from_who_went() {
    let rate = limiter(1);
    pass(&rate, 1).await;
    sleep(ms(300)).await;
    plainly().unless_eq(timed(rate.acquire()).await.1, ms(700));
}

/// One has gone, and one waits, perhaps behind another who gives up at this moment:
/// when it goes, counted from the first.
async fn goes_after(moment: Duration, with_another: bool) -> Duration {
    let (start, rate) = (Instant::now(), limiter(1));
    pass(&rate, 1).await;
    let mut another = with_another.then(|| Box::pin(rate.acquire()));
    if let Some(another) = &mut another {
        wait(another.as_mut());
    }
    let mut waits = Box::pin(rate.acquire());
    wait(waits.as_mut());
    sleep(moment).await;
    drop(another);
    waits.await;
    start.elapsed()
}

/// Polls it once: it has to wait.
fn wait(future: Pin<&mut (impl Future<Output = ()> + ?Sized)>) {
    blame("unbounded-fanout").unless(poll_with(future, Waker::noop()).is_pending());
}
