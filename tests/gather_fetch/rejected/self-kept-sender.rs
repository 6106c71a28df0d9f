//! "The channel ends with the last request": all pages arrive, but the first sender is still here.

use std::time::Duration;

use futures::future::join_all;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let (post, mut pages) = mpsc::unbounded_channel();
    let mut requests = JoinSet::new();
    for (name, delay) in reqs {
        let (name, delay, post) = (name.to_string(), *delay, post.clone());
        requests.spawn(async move { post.send(fetch_data(&name, delay).await) });
    }
    while let Some(page) = pages.recv().await {
        on_done(page);
    }
}
