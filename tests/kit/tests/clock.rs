//! Virtual time, the virtual deadline and the poll cap: that each sees what it
//! should, and nothing else.

mod common;

use std::task::Poll;

use common::{fact, pitfall};
use kit::{capture, lab, ms, run, run_sync, secs, timed, took};
use tokio::time::sleep;

#[test]
fn waits_take_exactly_their_time() {
    run(async {
        let (_, time) = timed(async { tokio::join!(sleep(secs(2)), sleep(secs(3))) }).await;
        took(time).should_be(secs(3));
        let (_, time) = timed(sleep(ms(500))).await;
        took(time).should_be(ms(500));
    });
}

#[test]
fn a_day_passes_at_once() {
    let real = std::time::Instant::now();
    run(async { sleep(secs(20 * 3600)).await });
    assert!(real.elapsed() < secs(3600), "the clock of this test is virtual");
}

#[test]
fn too_long_is_in_sequence() {
    let record = capture(|| {
        run(async {
            let (_, time) = timed(async {
                sleep(secs(1)).await;
                sleep(secs(2)).await;
            })
            .await;
            took(time).should_be(secs(2));
        });
    });
    assert_eq!(pitfall(&record), Some("sequential-awaits"));
    assert_eq!(record.diagnosis.unwrap().expected_us, Some(2_000_000));
    assert_eq!(record.end_us, 3_000_000);
}

#[test]
fn too_short_is_never_awaited_or_blocked() {
    let lazy = capture(|| {
        run(async {
            let (_, time) = timed(async { drop(sleep(ms(300))) }).await;
            took(time).should_be(ms(300));
        });
    });
    assert_eq!(pitfall(&lazy), Some("lazy-never-awaited"));

    let blocked = capture(|| {
        run(async {
            let (_, time) = timed(async { std::thread::sleep(ms(300)) }).await;
            took(time).should_be(ms(300));
        });
    });
    assert_eq!(pitfall(&blocked), Some("blocking-sleep"));
    assert_eq!(fact(&blocked), "thread-blocked");
}

#[test]
fn where_only_nothing_is_lazy_a_short_time_has_no_name() {
    let of = |wait: std::time::Duration| {
        capture(move || {
            run(async move {
                let (_, time) = timed(sleep(wait)).await;
                took(time).lazy_only_if_none().should_be(secs(1));
            });
        })
    };
    assert_eq!(pitfall(&of(secs(0))), Some("lazy-never-awaited"));
    let short = of(ms(300));
    assert_eq!(pitfall(&short), None);
    assert_eq!((fact(&short), short.outcome), ("took-too-little", record::Outcome::Failed));
    assert_eq!(pitfall(&of(secs(2))), Some("sequential-awaits"));
}

#[test]
fn the_meaning_of_a_wrong_duration_can_be_changed() {
    let record = capture(|| {
        run(async {
            let (_, time) = timed(sleep(secs(2))).await;
            took(time).slower_means("timer-recreated-in-loop").should_be(secs(1));
        });
    });
    assert_eq!(pitfall(&record), Some("timer-recreated-in-loop"));
}

#[test]
fn a_future_that_nobody_wakes_meets_the_deadline() {
    let record = capture(|| {
        lab().hang_means("self-kept-sender").run(async {
            let (_kept, mut receiver) = tokio::sync::mpsc::channel::<()>(1);
            receiver.recv().await;
        });
    });
    assert_eq!(pitfall(&record), Some("self-kept-sender"));
    assert_eq!(fact(&record), "deadline");

    let unnamed = capture(|| run(std::future::pending()));
    assert_eq!(pitfall(&unnamed), None);
    assert_eq!(fact(&unnamed), "deadline");
}

#[test]
fn a_lost_wake_is_not_mended_by_the_deadline() {
    let mut polls = 0;
    let unwoken = std::future::poll_fn(move |_| {
        polls += 1;
        if polls < 2 { Poll::Pending } else { Poll::Ready(()) }
    });
    let record = capture(|| lab().hang_means("pending-without-waker").run(unwoken));
    assert_eq!(pitfall(&record), Some("pending-without-waker"));
}

#[test]
fn a_block_in_place_is_refused_for_what_the_test_says() {
    let work = || async { tokio::task::block_in_place(|| {}) };
    let told = |lab: kit::Lab| {
        let record = capture(|| lab.run(work()));
        pitfall(&record).map(str::to_owned)
    };
    assert_eq!(told(lab()).as_deref(), Some("nested-block-on"));
    let told = told(lab().in_place_means("cpu-on-executor"));
    assert_eq!(told.as_deref(), Some("cpu-on-executor"));
}

#[test]
fn waiting_by_waking_oneself_meets_the_poll_cap() {
    let record = capture(|| {
        run(async {
            let end = tokio::time::Instant::now() + secs(1);
            while tokio::time::Instant::now() < end {
                tokio::task::yield_now().await;
            }
        });
    });
    assert_eq!(pitfall(&record), Some("busy-wake"));
    assert_eq!(fact(&record), "poll-cap");
}

#[test]
fn many_polls_are_no_spin_when_time_moves() {
    run(async {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
            sleep(ms(1)).await;
        }
    });
}

#[test]
fn a_blocking_job_left_behind_does_not_hold_the_test() {
    // The job ends only when this channel does, after the run.
    let (end, wait) = std::sync::mpsc::channel::<()>();
    run(async move {
        tokio::task::spawn_blocking(move || wait.recv());
    });
    drop(end);
}

#[test]
fn a_test_without_a_runtime_has_none() {
    run_sync(|| assert!(tokio::runtime::Handle::try_current().is_err()));
}

#[test]
fn a_runtime_made_by_the_test_has_a_virtual_clock_too() {
    let record = capture(|| {
        run_sync(|| {
            let log = kit::Log::new();
            kit::paused_runtime().block_on(async {
                sleep(secs(7)).await;
                log.add("later");
            });
            assert_eq!(log.timed(), "t=  7000 later");
        });
    });
    assert_eq!(record.panic, None);
    assert_eq!(record.end_us, 7_000_000);
}
