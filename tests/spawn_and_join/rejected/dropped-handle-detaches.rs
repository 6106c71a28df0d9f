//! "I await every handle, so no task is forgotten": not when I am dropped before.

use std::sync::Arc;

use futures::future::BoxFuture;

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let tasks: Vec<_> =
        urls.into_iter().map(|url| (tokio::spawn(fetch(url.clone())), url)).collect();
    let mut pages = Vec::new();
    for (task, url) in tasks {
        pages.push(task.await.map_err(|error| TaskFailed { url, why: error.to_string() }));
    }
    pages
}
