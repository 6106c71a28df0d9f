//! What every learner sees: the promise in two tests.

use std::time::Duration;

use exercise::gather_fetch::{as_completed, gather};
use kit::{alive_tasks, blame, lab, ms, plainly, run, secs, timed, took};
use tokio::time::{sleep, timeout};

/// If results are missing, and their tasks are gone a moment later, they were aborted.
async fn all_there(got: usize, wanted: usize) {
    let count = alive_tasks();
    sleep(ms(1)).await;
    let aborted = count > 0 && alive_tasks() == 0;
    blame("joinset-drop-unawaited")
        .because("tasks-alive", &[("count", &count), ("expected", &0)])
        .unless(got == wanted || !aborted);
}

#[test]
fn gather_takes_as_long_as_the_longest_request() {
    // Three requests that end: what is still awaited can only be a channel.
    lab().hang_means("self-kept-sender").run(async {
        let requests = [("user", secs(2)), ("order", secs(3)), ("goods", secs(1))];
        let (pages, time) = timed(gather(&requests)).await;
        all_there(pages.len(), requests.len()).await;
        took(time).lazy_only_if_none().should_be(secs(3));
        plainly().unless_eq(pages.len(), requests.len());
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
        all_there(arrived.len(), requests.len()).await;
        took(time).lazy_only_if_none().should_be(secs(3));
        plainly().unless_eq(arrived.len(), requests.len());
        blame("result-order-mixup")
            .unless_eq(arrived, ["data of goods", "data of user", "data of order"]);
    });
}
