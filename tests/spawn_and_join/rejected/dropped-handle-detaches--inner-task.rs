//! "The set aborts its tasks": it does, and each of them was waiting for another one, which goes on.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::task::JoinSet;

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let count = urls.len();
    let mut tasks = JoinSet::new();
    for (place, url) in urls.into_iter().enumerate() {
        let page = fetch(url.clone());
        tasks.spawn(async move {
            let ended = tokio::spawn(page).await;
            (place, ended.map_err(|error| TaskFailed { url, why: error.to_string() }))
        });
    }
    let mut pages: Vec<_> = (0..count).map(|_| None).collect();
    while let Some(Ok((place, page))) = tasks.join_next().await {
        pages[place] = Some(page);
    }
    pages.into_iter().flatten().collect()
}
