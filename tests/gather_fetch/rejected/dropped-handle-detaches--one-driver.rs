//! "One task drives them all, and I read its channel": it learns that nobody reads only when it has a page.

use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let reqs: Vec<_> = reqs.iter().map(|(name, delay)| (name.to_string(), *delay)).collect();
    let (post, mut mail) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut all: FuturesUnordered<_> = reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
        while let Some(page) = all.next().await {
            if post.send(page).await.is_err() {
                return;
            }
        }
    });
    while let Some(page) = mail.recv().await {
        on_done(page);
    }
}
