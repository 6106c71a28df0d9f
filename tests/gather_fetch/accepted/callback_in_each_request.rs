//! The requests share the callback: each reports itself.

use std::cell::RefCell;
use std::time::Duration;

use futures::future::join_all;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await
}

pub async fn as_completed(reqs: &[(&str, Duration)], on_done: impl FnMut(String)) {
    let on_done = RefCell::new(on_done);
    let reported = reqs.iter().map(async |(name, delay)| {
        let page = fetch_data(name, *delay).await;
        (on_done.borrow_mut())(page);
    });
    join_all(reported).await;
}
