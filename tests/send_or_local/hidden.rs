//! The rest of the contract: edges, who sees whom, and when jobs begin and end.

use std::cell::Cell;
use std::rc::Rc;

use exercise::send_or_local::{LocalJob, run_local, tally};
use futures::future::BoxFuture;
use kit::{Log, blame, ms, plainly, secs, sweep, timed, took};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::visible::{Jobs, disk, ended, owned, saves, watched};

#[test]
fn every_page_is_saved_in_its_turn() {
    watched().run(async {
        saves(&[], &[]).await;
        saves(&["", "a a a a", "  ", "b a b a\nc"], &[0, 1, 0, 3]).await;
        // And as a task, whatever it does at its awaits.
        let log = Log::new();
        let counted: BoxFuture<'_, usize> = Box::pin(tally(owned(&["a", "b c"]), disk(&log))); // gate: non-send-across-await
        let (sum, time) = timed(tokio::spawn(counted)).await;
        plainly().unless_eq(sum.ok(), Some(3));
        took(time).should_be(secs(2));
    });
}

#[test]
fn jobs_see_what_others_have_done() {
    watched().run(async {
        // Not in the order of the list, but of what they wait for: ((0 + 1) × 10 + 5) × 2.
        let jobs = Jobs::default();
        let four = vec![
            jobs.job("twice", secs(4), |n| n * 2),
            jobs.job("plus five", secs(3), |n| n + 5),
            jobs.job("plus one", secs(0), |n| n + 1),
            jobs.job("times ten", secs(2), |n| n * 10),
        ];
        jobs.run(four, secs(4), 30).await;
    });
}

#[test]
fn jobs_may_wait_for_each_other() {
    watched().run(async {
        let (first, news_of_first) = oneshot::channel();
        let (last, news_of_last) = oneshot::channel();
        let waits: LocalJob = Box::new(move |counter: Rc<Cell<u32>>| {
            Box::pin(async move {
                counter.set(counter.get() + 1);
                let _ = first.send(());
                let came = news_of_last.await.is_ok();
                plainly().unless(came);
                counter.set(counter.get() + 100);
            })
        });
        let second = Rc::new(Cell::new(false));
        let told = second.clone();
        let answers: LocalJob = Box::new(move |counter: Rc<Cell<u32>>| {
            told.set(true);
            Box::pin(async move {
                let came = news_of_first.await.is_ok();
                plainly().unless(came);
                counter.set(counter.get() + 10);
                let _ = last.send(());
            })
        });
        let waited = timed(timeout(secs(3_600), run_local(vec![waits, answers]))).await;
        let (Ok(count), time) = waited else {
            // Has the first job waited for one that was never called?
            let blamed = if second.get() { "pending-without-waker" } else { "sequential-awaits" };
            blame(blamed).because("deadline", &[("limit", &"1h")]).now()
        };
        let asleep = blame("pending-without-waker");
        asleep.because("not-woken", &[("who", &"run_local")]).unless(time < secs(3_600));
        took(time).should_be(secs(0));
        plainly().unless_eq(count, 111);
    });
}

#[test]
fn none_or_a_thousand_jobs() {
    watched().run(async {
        Jobs::default().run(vec![], secs(0), 0).await;
        let jobs = Jobs::default();
        let many = (0..1_000).map(|_| jobs.job("one more", secs(1), |n| n + 1)).collect();
        jobs.run(many, secs(1), 1_000).await;
    });
}

#[test]
fn no_job_begins_before_the_first_poll() {
    watched().run(async {
        let jobs = Jobs::default();
        let two = vec![jobs.job("a", secs(1), |n| n + 1), jobs.job("b", secs(2), |n| n + 10)];
        let all = run_local(two);
        sleep(secs(5)).await;
        blame("eager-before-poll").unless_eq(jobs.called.get(), 0);
        let (count, time) = ended(all).await;
        jobs.check(count, time, (11, secs(2)));
    });
}

#[test]
fn dropped_half_way_it_takes_its_jobs_along() {
    watched().run(async {
        sweep(async |cut| {
            let jobs = Jobs::default();
            let two = vec![jobs.job("a", secs(1), |n| n + 1), jobs.job("b", secs(2), |n| n + 10)];
            let (count, time) = timed(cut.run(run_local(two))).await;
            if let Some(count) = count {
                jobs.check(count, time, (11, secs(2)));
            }
            sleep(ms(1)).await;
            blame("dropped-handle-detaches").unless_eq(jobs.alive.get(), 0);
        })
        .await;
    });
}
