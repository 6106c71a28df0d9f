//! "The channel ends with the last request": all pages are there, and gather waits for the sender it holds itself.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let (post, mut mail) = mpsc::unbounded_channel();
    let mut requests = JoinSet::new();
    for (i, (name, delay)) in reqs.iter().enumerate() {
        let (name, delay, post) = (name.to_string(), *delay, post.clone());
        requests.spawn(async move { post.send((i, fetch_data(&name, delay).await)) });
    }
    let mut pages = vec![String::new(); reqs.len()];
    while let Some((i, page)) = mail.recv().await {
        pages[i] = page;
    }
    pages
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut all: FuturesUnordered<_> = reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
    }
}
