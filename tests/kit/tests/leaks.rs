//! Tallies, tasks, logs and the cancel sweep.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use common::{fact, pitfall};
use kit::{
    Log, Tally, alive_tasks, blame, capture, no_tasks_left, no_tasks_were_left, run, run_sync,
    secs, sweep,
};
use tokio::time::sleep;

#[test]
fn a_tally_counts_the_living_and_the_peak() {
    run_sync(|| {
        let tally = Tally::of("connections");
        let first = tally.token();
        let second = tally.token();
        drop(first);
        let _third = tally.token();
        assert_eq!((tally.live(), tally.peak(), tally.made(), tally.dropped()), (2, 2, 3, 1));
        drop(second);
        tally.should_live(1, "loser-kept-alive");
    });
    let record = capture(|| {
        run_sync(|| {
            let tally = Tally::of("connections");
            let _kept = tally.token();
            tally.should_live(0, "loser-kept-alive");
        });
    });
    assert_eq!((pitfall(&record), fact(&record)), (Some("loser-kept-alive"), "still-alive"));
}

#[test]
fn a_detached_task_is_seen() {
    run(async {
        let task = tokio::spawn(std::future::pending::<()>());
        assert_eq!(alive_tasks(), 1);
        task.abort();
        let _ = task.await;
        no_tasks_left("dropped-handle-detaches");
    });
    let record = capture(|| {
        run(async {
            drop(tokio::spawn(std::future::pending::<()>()));
            no_tasks_left("dropped-handle-detaches");
        });
    });
    assert_eq!((pitfall(&record), fact(&record)), (Some("dropped-handle-detaches"), "tasks-alive"));
}

#[test]
fn a_task_that_was_not_waited_for_is_told_from_one_that_lives_on() {
    run(async { no_tasks_were_left(alive_tasks()).await });
    for (aborts, expected) in [(true, "joinset-drop-unawaited"), (false, "dropped-handle-detaches")]
    {
        let record = capture(|| {
            run(async {
                let task = tokio::spawn(std::future::pending::<()>());
                if aborts {
                    task.abort();
                }
                no_tasks_were_left(alive_tasks()).await;
            });
        });
        assert_eq!(pitfall(&record), Some(expected));
    }
}

#[test]
fn a_log_keeps_lines_and_instants() {
    run(async {
        let log = Log::new();
        log.add("start");
        sleep(secs(2)).await;
        log.clone().add("done");
        log.should_be(&["start", "done"], "lazy-never-awaited");
        assert_eq!(log.instants(), [secs(0), secs(2)]);
        insta::assert_snapshot!(log.timed(), @r"
        t=     0 start
        t=  2000 done
        ");
    });
    let record = capture(|| run_sync(|| Log::new().should_be(&["start"], "lazy-never-awaited")));
    assert_eq!((pitfall(&record), fact(&record)), (Some("lazy-never-awaited"), "log-differs"));
}

/// Busy while it refreshes; the careless form forgets to undo that when it is
/// dropped half-way.
async fn refresh(busy: &AtomicBool, careful: bool) {
    struct Undo<'a>(&'a AtomicBool);
    impl Drop for Undo<'_> {
        fn drop(&mut self) {
            self.0.store(false, SeqCst);
        }
    }
    busy.store(true, SeqCst);
    let _undo = careful.then(|| Undo(busy));
    sleep(secs(1)).await;
    sleep(secs(1)).await;
    busy.store(false, SeqCst);
}

async fn sweep_refresh(careful: bool, rounds: &mut usize) {
    sweep(async |cut| {
        *rounds += 1;
        let busy = AtomicBool::new(false);
        cut.run(refresh(&busy, careful)).await;
        blame("cancel-tears-state").unless(!busy.load(SeqCst));
    })
    .await;
}

#[test]
fn a_sweep_cuts_at_every_wait_and_ends_with_a_whole_run() {
    let mut rounds = 0;
    run(sweep_refresh(true, &mut rounds));
    assert_eq!(rounds, 4, "after 0, 1 and 2 polls, and whole");
}

#[test]
fn a_sweep_finds_the_torn_state_and_says_where() {
    let mut rounds = 0;
    let record = capture(|| run(sweep_refresh(false, &mut rounds)));
    assert_eq!(rounds, 2, "sound when never polled, torn after one poll");
    assert_eq!((pitfall(&record), fact(&record)), (Some("cancel-tears-state"), "cancelled-after"));
    let facts = record.diagnosis.unwrap().facts;
    assert_eq!(facts[0].args["polls"], "1");
    assert_eq!(record.events.len(), 1, "only what happened in the round that failed");
}

#[test]
fn a_sweep_over_an_endless_future_ends() {
    let record = capture(|| {
        run(sweep(async |cut| {
            cut.run(async {
                loop {
                    tokio::task::yield_now().await;
                }
            })
            .await;
        }));
    });
    assert_eq!(fact(&record), "poll-cap");
}

#[test]
fn what_a_dropped_runtime_still_holds_is_dropped_with_the_test() {
    let alive = Arc::new(());
    let inside = alive.clone();
    run(async move {
        tokio::spawn(async move {
            let _inside = inside;
            std::future::pending::<()>().await;
        });
        tokio::task::yield_now().await;
    });
    assert_eq!(Arc::strong_count(&alive), 1);
}
