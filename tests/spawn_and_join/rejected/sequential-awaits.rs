//! "A task is what makes it run at once." Each is awaited before the next one is spawned.

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
    let mut pages = Vec::new();
    for url in urls {
        let mut task = Owned(tokio::spawn(fetch(url.clone())));
        let ended = (&mut task.0).await;
        pages.push(ended.map_err(|error| TaskFailed { url, why: error.to_string() }));
    }
    pages
}
