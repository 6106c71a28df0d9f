//! The rest of the contract: who has a permit and how long, what becomes of it
//! after a panic and a drop; who may go when, and in which order.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use exercise::limiter::bounded_gather;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use kit::{
    Cut, Log, Tally, blame, got_up, mock, ms, no_tasks_left, plainly, poll_with, require_send,
    require_sync, run, secs, settled, stays_asleep, sweep, timed, took,
};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

use crate::visible::{all_at_once, in_their_order, job, limiter, limiter_of, pass};

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
            stays_asleep().await;
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
        let (log, limit) = (Log::new(), Arc::new(Semaphore::new(2)));
        let (names, times) = (["a", "b", "c", "d", "e"], [1_000, 300, 200, 500, 100]);
        let jobs = names.iter().zip(times).map(|(name, time)| job(&log, name, time)).collect();
        let (results, time) = timed(bounded_gather(limit, jobs)).await;
        in_their_order(&log, &names);
        // The first one is at work all the time, the others one after the other.
        took(time).should_be(ms(1_100));
        plainly().unless_eq(log.instants(), [0, 0, 300, 500, 1_000].map(ms));
        blame("result-order-mixup").unless_eq(results, names);
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
            sleep(ms(1)).await;
            blame("eager-before-poll").unless(work.made() == 0);
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
            // Whoever helps it goes when it goes, or a little later.
            drop(rate);
            sleep(secs(10)).await;
            no_tasks_left("dropped-handle-detaches");
        }
    });
}

#[test]
fn a_second_begins_with_each_who_went() {
    run(async {
        let rate = limiter(1);
        pass(&rate, 1).await;
        let ((), got_up) = tokio::join!(rate.acquire(), got_up(ms(900)));
        blame("busy-wake").unless(got_up < 50);
        for tenth in [100, 25, 6_000] {
            let rate = limiter_of(2, ms(10 * tenth));
            pass(&rate, 1).await;
            sleep(ms(9 * tenth)).await;
            // The first counts for another tenth of the time, and then who went now does.
            let wanted = [0, 1, 10, 11, 20].map(|tenths| ms(tenths * tenth));
            plainly().unless_eq(pass(&rate, 5).await, wanted);
        }
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
        // It is time for one of them. One who comes only now looks first, and then the
        // one that came later.
        let mut latest = mock("latest", rate.acquire());
        for task in [&mut latest, &mut late] {
            let who = task.label().to_owned();
            plainly().because("overtaken", &[("who", &who)]).unless(task.poll().is_pending());
        }
        for task in [&mut early, &mut late, &mut latest] {
            plainly().unless(settled(task, 4).await == Some(Poll::Ready(())));
            sleep(secs(1)).await;
        }
    });
}

#[test]
fn whoever_gives_up_costs_nothing() {
    run(async {
        counts_from_who_went().await;
        // Given up while it waits, and when the first might have gone already.
        for moment in [ms(300), ms(1_000)] {
            let alone = two_go(moment, None).await;
            for before_it in 0..3 {
                let with_another = two_go(moment, Some(before_it)).await;
                blame("cancel-tears-state").unless_eq(&with_another, &alone);
            }
            plainly().unless_eq(alone, [secs(1), secs(2)].map(Some));
        }
    });
}

#[test]
fn a_wait_may_move_to_another_task() {
    run(async {
        for (ahead, at) in [(Ahead::Nobody, 1), (Ahead::GivesUp, 1), (Ahead::Goes, 2)] {
            let stays = goes_behind(ahead, false).await;
            let moves = goes_behind(ahead, true).await;
            plainly().unless_eq(stays, Some(secs(at)));
            blame("stale-waker")
                .because("old-task-woken", &[("who", &"acquire")])
                .unless(moves.is_some());
            plainly().unless_eq(moves, stays);
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

/// One has gone, and two wait. There may be another who gives up at this moment, behind
/// so many of them. When the two go, counted from the first; None if a minute goes by.
async fn two_go(moment: Duration, another: Option<usize>) -> Vec<Option<Duration>> {
    let (start, rate) = (Instant::now(), limiter(1));
    pass(&rate, 1).await;
    let count = 2 + usize::from(another.is_some());
    let mut waiting: Vec<_> = (0..count).map(|_| Box::pin(rate.acquire())).collect();
    for one in &mut waiting {
        wait(one.as_mut());
    }
    sleep(moment).await;
    drop(another.map(|place| waiting.remove(place)));
    let mut moments = Vec::new();
    for one in waiting {
        moments.push(timeout(MINUTE, one).await.is_ok().then(|| start.elapsed()));
    }
    moments
}

/// What becomes of those who were there first.
#[derive(Clone, Copy)]
enum Ahead {
    Nobody,
    /// One, who does not wait for long.
    GivesUp,
    Goes,
}

/// One has gone, and then somebody waits behind these, and perhaps moves to another task
/// meanwhile: when that one goes, counted from the first. None if nobody wakes its task
/// in a minute.
async fn goes_behind(ahead: Ahead, moves: bool) -> Option<Duration> {
    let (start, rate) = (Instant::now(), limiter(1));
    pass(&rate, 1).await;
    let mut first = (!matches!(ahead, Ahead::Nobody)).then(|| Box::pin(rate.acquire()));
    if let Some(first) = &mut first {
        wait(first.as_mut());
    }
    let mut waits = Box::pin(rate.acquire());
    if moves {
        wait(waits.as_mut());
    }
    // It is polled when its own waker is called, and never otherwise.
    let mut task = FuturesUnordered::from_iter([waits]);
    blame("unbounded-fanout").unless(task.next().now_or_never().is_none());
    sleep(ms(300)).await;
    match (ahead, first) {
        (Ahead::Goes, Some(first)) => first.await,
        (_, first) => drop(first),
    }
    timeout(MINUTE, task.next()).await.is_ok().then(|| start.elapsed())
}

const MINUTE: Duration = secs(60);

/// Polls it once: it has to wait.
fn wait(future: Pin<&mut (impl Future<Output = ()> + ?Sized)>) {
    blame("unbounded-fanout").unless(poll_with(future, Waker::noop()).is_pending());
}
