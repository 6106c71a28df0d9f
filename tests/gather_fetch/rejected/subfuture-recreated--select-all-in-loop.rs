//! "select_all gives the first; then the same for the rest."
use futures::future::select_all;
use std::time::Duration;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name); // draws a bar
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    futures::future::join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut left = reqs.to_vec();
    while !left.is_empty() {
        let running = left.iter().map(|(n, d)| Box::pin(fetch_data(n, *d)));
        let (page, i, _others) = select_all(running).await;
        on_done(page);
        left.remove(i);
    }
}
