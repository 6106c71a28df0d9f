//! "While there are results, take them": the first that is none ends the loop, and nobody is told.

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
    let mut tasks = JoinSet::new();
    for (place, url) in urls.into_iter().enumerate() {
        let page = fetch(url);
        tasks.spawn(async move { (place, page.await) });
    }
    let mut pages = Vec::new();
    while let Some(Ok(page)) = tasks.join_next().await {
        pages.push(page);
    }
    pages.sort();
    pages.into_iter().map(|(_, page)| Ok(page)).collect()
}
