//! "A task of its own makes it run at once", but each task is awaited before the next begins.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut pages = Vec::new();
    for (name, delay) in reqs {
        let (name, delay) = (name.to_string(), *delay);
        let task = tokio::spawn(async move { fetch_data(&name, delay).await });
        pages.push(task.await.unwrap());
    }
    pages
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut all: FuturesUnordered<_> = reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
    }
}
