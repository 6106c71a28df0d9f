//! "As many at once as there are": without requests that is a buffer of nothing, which never ends.

use std::time::Duration;

use futures::{StreamExt, stream};

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    stream::iter(reqs)
        .map(|(name, delay)| fetch_data(name, *delay))
        .buffered(reqs.len())
        .collect()
        .await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut pages = stream::iter(reqs)
        .map(|(name, delay)| fetch_data(name, *delay))
        .buffer_unordered(reqs.len());
    while let Some(page) = pages.next().await {
        on_done(page);
    }
}
