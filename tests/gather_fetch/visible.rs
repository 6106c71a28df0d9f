//! What every learner sees: the promise in two tests.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use exercise::gather_fetch::{as_completed, gather};
use kit::{alive_tasks, blame, in_time, ms, not_forgotten, plainly, run, secs, timed, took, trace};
use tokio::time::sleep;

/// How often the server was asked, from this moment on: `fetch_data` tells it.
pub fn asked(from: &str) -> usize {
    trace().lines().filter(|line| line.starts_with(from) && line.ends_with(" Created")).count()
}

/// No request is made again and again.
fn asked_once(requests: usize) {
    blame("subfuture-recreated").unless(asked("") <= requests);
}

/// If results are missing, and their tasks are gone a moment later, they were aborted.
async fn all_there(got: usize, wanted: usize) {
    let count = alive_tasks();
    sleep(ms(1)).await;
    let aborted = count > 0 && alive_tasks() == 0;
    blame("joinset-drop-unawaited")
        .because("tasks-alive", &[("count", &count), ("expected", &0)])
        .unless(got == wanted || !aborted);
}

/// All requests at once. Who waits for one after the other waits for whole seconds.
pub fn took_at_once(time: Duration, longest: Duration) {
    if time > longest && time.subsec_nanos() > 0 {
        plainly().unless_eq(time, longest);
    }
    took(time).lazy_only_if_none().should_be(longest);
}

/// Pages in this order. What is none of them, or is missing, is no matter of order.
fn in_order(pages: Vec<String>, wanted: [&str; 3]) {
    let known = pages.iter().all(|p| p.is_empty() || wanted.contains(&p.as_str()));
    let misplaced = pages.iter().zip(wanted).any(|(p, w)| !p.is_empty() && p != w);
    let mixed_up = if known && misplaced { blame("result-order-mixup") } else { plainly() };
    mixed_up.unless_eq(pages, wanted);
}

#[test]
fn gather_takes_as_long_as_the_longest_request() {
    run(async {
        let requests = [("user", secs(2)), ("order", secs(3)), ("goods", secs(1))];
        let (mut polls, mut tasks, mut asked) = (0, 0, Box::pin(gather(&requests)));
        let counted = poll_fn(|cx| {
            polls += 1;
            let pages = asked.as_mut().poll(cx);
            tasks = tasks.max(alive_tasks());
            pages
        });
        let (pages, time) = timed(in_time(secs(3_600), counted)).await;
        asked_once(requests.len());
        let Some(pages) = pages else {
            not_forgotten(secs(3_600), asked.as_mut()).await;
            // Each request was under way and has ended, so it waits for a channel to close.
            let under_way = tasks > 0 || polls > requests.len();
            let hang = if under_way { blame("self-kept-sender") } else { plainly() };
            hang.because("deadline", &[("limit", &"1h")]).now()
        };
        all_there(pages.len(), requests.len()).await;
        took_at_once(time, secs(3));
        plainly().unless_eq(pages.len(), requests.len());
        in_order(pages, ["data of user", "data of order", "data of goods"]);
    });
}

#[test]
fn as_completed_reports_the_fastest_first() {
    run(async {
        let requests = [("user", secs(2)), ("order", secs(3)), ("goods", secs(1))];
        let arrived = RefCell::new(Vec::new());
        let mut reported = pin!(as_completed(&requests, |page| arrived.borrow_mut().push(page)));
        let (ended, time) = timed(in_time(secs(3_600), reported.as_mut())).await;
        asked_once(requests.len());
        let arrived = arrived.take();
        if ended.is_none() {
            not_forgotten(secs(3_600), reported).await;
            // All are there, and it waits for one more: for a channel to close.
            let all = arrived.len() == requests.len();
            let hang = if all { blame("self-kept-sender") } else { plainly() };
            hang.because("deadline", &[("limit", &"1h")]).now();
        }
        all_there(arrived.len(), requests.len()).await;
        took_at_once(time, secs(3));
        plainly().unless_eq(arrived.len(), requests.len());
        in_order(arrived, ["data of goods", "data of user", "data of order"]);
    });
}
