//! The handles in a FuturesUnordered, each in a wrapper that aborts and knows its place.

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::task::JoinHandle;

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

struct Owned(JoinHandle<String>);

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let mut running: FuturesUnordered<_> = urls
        .into_iter()
        .enumerate()
        .map(|(place, url)| {
            let mut task = Owned(tokio::spawn(fetch(url.clone())));
            async move {
                let ended = (&mut task.0).await;
                (place, ended.map_err(|error| TaskFailed { url, why: error.to_string() }))
            }
        })
        .collect();
    let mut pages = Vec::new();
    while let Some(page) = running.next().await {
        pages.push(page);
    }
    pages.sort_by_key(|(place, _)| *place);
    pages.into_iter().map(|(_, page)| page).collect()
}
