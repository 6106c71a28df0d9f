//! What every learner sees: the promise in two tests.

use exercise::yield_now::yield_now;
use kit::{Log, blame, lab, mock};

#[test]
fn the_first_poll_gives_way_and_the_second_is_ready() {
    lab().stuck_means("sync-io-in-async").run_sync(|| {
        let mut task = mock("yield_now", yield_now());
        task.expect_pending("never-yields");
        task.expect_woken("pending-without-waker");
        let is_ready = task.poll().is_ready();
        if !is_ready {
            // Without a wake this Pending is for ever.
            task.expect_woken("pending-without-waker");
        }
        blame("busy-wake").because("not-ready", &[("who", &task.label())]).unless(is_ready);
    });
}

#[test]
fn two_tasks_take_turns() {
    lab().hang_means("pending-without-waker").run(async {
        let log = Log::new();
        let count = async |who: &str| {
            for n in 1..=3 {
                log.add(format!("{who} {n}"));
                yield_now().await;
            }
        };
        futures::future::join(count("tea"), count("soup")).await;
        log.should_be(&["tea 1", "soup 1", "tea 2", "soup 2", "tea 3", "soup 3"], "never-yields");
    });
}
