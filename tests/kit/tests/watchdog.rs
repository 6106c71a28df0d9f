//! The last resort, seen from outside: the process of a blocked test ends, with
//! an explanation.

use std::process::Command;

use kit::{lab, run};
use record::Record;

/// Runs the test of this file called `name` as a child that may block.
fn blocked(name: &str) -> (Option<i32>, Record) {
    blocked_within("1", name)
}

fn blocked_within(seconds: &str, name: &str) -> (Option<i32>, Record) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("record.json");
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name])
        .env("KIT_MAY_BLOCK", "1")
        .env("ASYNCLINGS_TEST_SECONDS", seconds)
        .env("ASYNCLINGS_TEST", name)
        .env("ASYNCLINGS_RECORD", &file)
        .output()
        .unwrap()
        .status;
    let record = std::fs::read_to_string(file).expect("the watchdog writes the record");
    (status.code(), Record::parse(&record).unwrap())
}

fn may_block() -> bool {
    std::env::var_os("KIT_MAY_BLOCK").is_some()
}

#[test]
fn a_blocked_poll() {
    if may_block() {
        return lab().stuck_means("sync-io-in-async").run(async {
            loop {
                std::thread::park();
            }
        });
    }
    let (code, record) = blocked("a_blocked_poll");
    let diagnosis = record.diagnosis.unwrap();
    assert_eq!(code, Some(101));
    assert_eq!(diagnosis.pitfall.as_deref(), Some("sync-io-in-async"));
    assert_eq!(diagnosis.facts[0].key, "stuck-in-poll");
}

/// It naps, so that the cap on polls is far away, and each poll comes back.
#[test]
fn a_poll_that_naps_and_wakes_itself_goes_round_and_round() {
    if may_block() {
        return lab().stuck_means("sync-io-in-async").run(std::future::poll_fn(|cx| {
            std::thread::sleep(kit::ms(5));
            cx.waker().wake_by_ref();
            std::task::Poll::Pending
        }));
    }
    let (code, record) =
        blocked_within("5", "a_poll_that_naps_and_wakes_itself_goes_round_and_round");
    let diagnosis = record.diagnosis.unwrap();
    assert_eq!(code, Some(101));
    assert_eq!(diagnosis.pitfall.as_deref(), Some("busy-wake"));
    assert_eq!(diagnosis.facts[0].key, "poll-cap");
}

#[test]
fn a_task_that_spins_beside_the_test() {
    if may_block() {
        return run(async {
            tokio::spawn(async {
                loop {
                    tokio::task::yield_now().await;
                }
            });
            tokio::time::sleep(kit::secs(1)).await;
        });
    }
    let (code, record) = blocked("a_task_that_spins_beside_the_test");
    let diagnosis = record.diagnosis.unwrap();
    assert_eq!(code, Some(101));
    assert_eq!(diagnosis.facts[0].key, "stuck-outside");
}

/// Far more than it takes.
#[cfg(target_os = "linux")]
const LONG: &str = "3600";

#[cfg(target_os = "linux")]
#[test]
fn a_thread_that_sleeps_is_told_long_before_it_would_wake() {
    if may_block() {
        return run(async {
            // Not in the test's own poll: whatever the thread drives holds up all.
            let task = tokio::spawn(async { std::thread::sleep(kit::secs(7200)) });
            task.await.expect("nobody cancels it");
        });
    }
    let (code, record) =
        blocked_within(LONG, "a_thread_that_sleeps_is_told_long_before_it_would_wake");
    let diagnosis = record.diagnosis.unwrap();
    assert_eq!(code, Some(101));
    assert_eq!(diagnosis.pitfall.as_deref(), Some("blocking-sleep"));
    assert_eq!(diagnosis.facts[0].key, "thread-blocked");
}

#[cfg(target_os = "linux")]
#[test]
fn a_poll_that_loops_is_told_by_its_processor_time() {
    if may_block() {
        return lab().stuck_means("cpu-on-executor").wait_means("sync-io-in-async").run(async {
            loop {
                std::hint::spin_loop();
            }
        });
    }
    let (code, record) = blocked_within(LONG, "a_poll_that_loops_is_told_by_its_processor_time");
    let diagnosis = record.diagnosis.unwrap();
    assert_eq!(code, Some(101));
    assert_eq!(diagnosis.pitfall.as_deref(), Some("cpu-on-executor"));
    assert_eq!(diagnosis.facts[0].key, "computes-in-poll");
}

#[cfg(target_os = "linux")]
#[test]
fn a_poll_that_waits_for_good_is_told_when_nothing_moves() {
    if may_block() {
        return lab().stuck_means("busy-wake").wait_means("sync-io-in-async").run(async {
            let (_say, hear) = std::sync::mpsc::channel::<()>();
            hear.recv().expect("nobody says anything");
        });
    }
    let (code, record) =
        blocked_within(LONG, "a_poll_that_waits_for_good_is_told_when_nothing_moves");
    let diagnosis = record.diagnosis.unwrap();
    assert_eq!(code, Some(101));
    assert_eq!(diagnosis.pitfall.as_deref(), Some("sync-io-in-async"));
    assert_eq!(diagnosis.facts[0].key, "waits-in-poll");
}

#[cfg(target_os = "linux")]
#[test]
fn two_threads_that_wait_for_each_other_are_told_without_a_runtime() {
    if may_block() {
        return lab().stuck_means("lock-serialises-work").run_sync(|| {
            let (say, hear) = std::sync::mpsc::channel::<()>();
            let (answer, hear_answer) = std::sync::mpsc::channel::<()>();
            std::thread::spawn(move || hear.recv().map(|()| answer.send(())));
            hear_answer.recv().expect("nobody answers");
            drop(say);
        });
    }
    let (code, record) =
        blocked_within(LONG, "two_threads_that_wait_for_each_other_are_told_without_a_runtime");
    let diagnosis = record.diagnosis.unwrap();
    assert_eq!(code, Some(101));
    assert_eq!(diagnosis.pitfall.as_deref(), Some("lock-serialises-work"));
    assert_eq!(diagnosis.facts[0].key, "waits-outside");
}

/// It takes longer than stillness may, but there is always news.
#[cfg(target_os = "linux")]
#[test]
fn who_waits_for_a_thread_that_moves_is_not_given_up() {
    if may_block() {
        return kit::run_sync(|| {
            let worker = std::thread::spawn(|| {
                (0..6).for_each(|_| std::thread::sleep(kit::ms(500)));
            });
            worker.join().expect("it only sleeps");
        });
    }
    let (code, record) = blocked_within(LONG, "who_waits_for_a_thread_that_moves_is_not_given_up");
    assert_eq!((code, record.diagnosis), (Some(0), None));
}

#[cfg(target_os = "linux")]
#[test]
fn a_loop_of_the_answers_own_that_never_ends_is_told_by_its_processor_time() {
    if may_block() {
        return lab().stuck_means("blocking-sleep").alone().run_sync(|| {
            loop {
                std::hint::spin_loop();
            }
        });
    }
    let (code, record) = blocked_within(
        LONG,
        "a_loop_of_the_answers_own_that_never_ends_is_told_by_its_processor_time",
    );
    let diagnosis = record.diagnosis.unwrap();
    assert_eq!(code, Some(101));
    assert_eq!(diagnosis.pitfall.as_deref(), Some("busy-wake"));
    assert_eq!(diagnosis.facts[0].key, "computes-on");
}

#[cfg(target_os = "linux")]
#[test]
fn a_loop_of_the_answers_own_that_sleeps_is_told_at_once() {
    if may_block() {
        let alone = lab().alone();
        return alone.run_sync(|| std::thread::sleep(kit::secs(7200)));
    }
    let (code, record) =
        blocked_within(LONG, "a_loop_of_the_answers_own_that_sleeps_is_told_at_once");
    assert_eq!(code, Some(101));
    assert_eq!(record.diagnosis.unwrap().pitfall.as_deref(), Some("blocking-sleep"));
}
