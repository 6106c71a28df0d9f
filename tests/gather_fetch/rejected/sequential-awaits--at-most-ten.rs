//! "Ten at once will do": the eleventh request waits for a place.

use std::time::Duration;

use futures::{StreamExt, stream};

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let pages = stream::iter(reqs).map(|(name, delay)| fetch_data(name, *delay));
    pages.buffered(10).collect().await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let pages = stream::iter(reqs).map(|(name, delay)| fetch_data(name, *delay));
    pages.buffer_unordered(10).for_each(|page| std::future::ready(on_done(page))).await;
}
