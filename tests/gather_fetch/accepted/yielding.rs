//! Polite: it lets others have a turn before the first request, and after each page.

use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use tokio::task::yield_now;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    yield_now().await;
    let pages = join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await;
    yield_now().await;
    pages
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    yield_now().await;
    let mut all: FuturesUnordered<_> = reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
        yield_now().await;
    }
}
