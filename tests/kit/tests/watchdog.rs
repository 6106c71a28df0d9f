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
        return lab().stuck_means("cpu-on-executor").run(async {
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
