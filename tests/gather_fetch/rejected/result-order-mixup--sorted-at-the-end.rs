//! "Join first, sort by delay afterwards": the order is right, the instants are not.

use std::time::Duration;

use futures::future::join_all;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    join_all(reqs.iter().map(|(n, d)| fetch_data(n, *d))).await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut sorted = reqs.to_vec();
    sorted.sort_by_key(|(_, delay)| *delay);
    for page in gather(&sorted).await {
        on_done(page);
    }
}
