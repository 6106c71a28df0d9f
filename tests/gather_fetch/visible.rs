//! What every learner sees: the promise in two tests.

use exercise::gather_fetch::{as_completed, gather};
use kit::{blame, plainly, run, secs, timed, took};
use tokio::time::timeout;

#[test]
fn gather_takes_as_long_as_the_longest_request() {
    run(async {
        let requests = [("user", secs(2)), ("order", secs(3)), ("goods", secs(1))];
        let (pages, time) = timed(gather(&requests)).await;
        took(time).should_be(secs(3));
        blame("result-order-mixup")
            .unless_eq(pages, ["data of user", "data of order", "data of goods"]);
    });
}

#[test]
fn as_completed_reports_the_fastest_first() {
    run(async {
        let requests = [("user", secs(2)), ("order", secs(3)), ("goods", secs(1))];
        let mut arrived = Vec::new();
        let reported = as_completed(&requests, |page| arrived.push(page));
        let (ended, time) = timed(timeout(secs(3_600), reported)).await;
        if ended.is_err() {
            // All are there, and it waits for one more: for a channel to close.
            let all = arrived.len() == requests.len();
            let hang = if all { blame("self-kept-sender") } else { plainly() };
            hang.because("deadline", &[("limit", &"1h")]).now();
        }
        took(time).should_be(secs(3));
        blame("result-order-mixup")
            .unless_eq(arrived, ["data of goods", "data of user", "data of order"]);
    });
}
