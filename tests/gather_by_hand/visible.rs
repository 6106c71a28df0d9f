//! What every learner sees: all at once, in order, and an end at the first error.

use std::time::Duration;

use exercise::gather_by_hand::{join_all, try_join_all};
use kit::{Lab, blame, lab, plainly, secs, span, timed, took};
use tokio::time::sleep;

/// A poll that goes round and round until all is there never comes back.
pub fn watched() -> Lab {
    lab().hang_means("pending-without-waker").stuck_means("busy-wake")
}

/// Work that takes its time, as a bar in the timeline. In two steps: it must be
/// polled in between, whatever the others do.
async fn work<T>(name: &str, time: Duration, result: T) -> T {
    let _span = span(name);
    sleep(time / 2).await;
    sleep(time / 2).await;
    result
}

#[test]
fn all_parts_run_at_once_and_their_results_keep_the_order() {
    watched().run(async {
        let parts = [("tea", 2), ("soup", 3), ("toast", 1)];
        let parts = parts.map(|(name, time)| work(name, secs(time), name));
        let (results, time) = timed(join_all(parts)).await;
        plainly().unless_eq(results.len(), 3);
        took(time).should_be(secs(3));
        blame("result-order-mixup").unless_eq(results, ["tea", "soup", "toast"]);
    });
}

#[test]
fn the_first_error_ends_the_wait() {
    watched().run(async {
        let fine = [("tea", 2), ("soup", 3), ("toast", 1)];
        let fine = fine.map(|(name, time)| work(name, secs(time), Ok::<_, &str>(name)));
        let (results, time) = timed(try_join_all(fine)).await;
        took(time).should_be(secs(3));
        blame("result-order-mixup").unless_eq(results, Ok(vec!["tea", "soup", "toast"]));

        let burnt = [("tea", 2, Ok("tea")), ("soup", 3, Ok("soup")), ("toast", 1, Err("burnt"))];
        let burnt = burnt.map(|(name, time, result)| work(name, secs(time), result));
        let (results, time) = timed(try_join_all(burnt)).await;
        plainly().unless_eq(results, Err("burnt"));
        took(time).slower_means("join-then-question-mark").should_be(secs(1));
    });
}
