//! "A thousand at once."
use futures::{StreamExt, stream};
use std::time::Duration;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name); // draws a bar
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    use futures::StreamExt;
    let mut all: futures::stream::FuturesUnordered<_> =
        reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
    }
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    stream::iter(reqs).map(|(n, d)| fetch_data(n, *d)).buffered(1000).collect().await
}
