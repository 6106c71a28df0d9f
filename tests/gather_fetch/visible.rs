//! What every learner sees: the promise in two tests.

use exercise::gather_fetch::{as_completed, gather};
use kit::{blame, run, secs, timed, took};

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
        let ((), time) = timed(as_completed(&requests, |page| arrived.push(page))).await;
        took(time).should_be(secs(3));
        blame("result-order-mixup")
            .unless_eq(arrived, ["data of goods", "data of user", "data of order"]);
    });
}
