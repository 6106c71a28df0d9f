//! No async blocks: functions that return futures made of other futures.

use std::time::Duration;

use futures::FutureExt;
use futures::future::{join3, ready};
use tokio::time::sleep;

pub async fn pause(name: &str, secs: u64) {
    let _span = kit::span(name);
    sleep(Duration::from_secs(secs)).await;
}

pub fn basic() -> impl Future<Output = &'static str> {
    futures::future::lazy(|_| pause("basic", 1)).flatten().map(|()| "done")
}

pub fn chained() -> impl Future<Output = String> {
    basic().map(|done| format!("result: {done}"))
}

pub fn concurrent() -> impl Future<Output = (&'static str, String, ())> {
    join3(basic(), chained(), pause("pause", 2))
}

pub fn conditional(wait: bool) -> impl Future<Output = &'static str> {
    match wait {
        true => pause("conditional", 1).map(|()| "after a wait").left_future(),
        false => ready("at once").right_future(),
    }
}
