//! "The task only reads the URL": but it may outlive the list in which the URL stands.

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
    for url in &urls {
        let fetch = fetch.clone();
        tasks.spawn(async move { Ok(fetch(url.clone()).await) });
    }
    tasks.join_all().await
}
