//! "A short sleep between two looks costs nothing": ten looks a second for a task that takes an hour.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::{task::JoinHandle, time::sleep};

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
    let tasks: Vec<_> =
        urls.into_iter().map(|url| (Owned(tokio::spawn(fetch(url.clone()))), url)).collect();
    let mut pages = Vec::new();
    for (mut task, url) in tasks {
        while !task.0.is_finished() {
            sleep(Duration::from_millis(100)).await;
        }
        let ended = (&mut task.0).await;
        pages.push(ended.map_err(|error| TaskFailed { url, why: error.to_string() }));
    }
    pages
}
