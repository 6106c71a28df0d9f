//! "A dict of the pages": two requests of one name have one place.

use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut pages: HashMap<&str, String> = reqs
        .iter()
        .map(async |&(name, delay)| (name, fetch_data(name, delay).await))
        .collect::<FuturesUnordered<_>>()
        .collect()
        .await;
    reqs.iter().filter_map(|(name, _)| pages.remove(name)).collect()
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut all: FuturesUnordered<_> = reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
    }
}
