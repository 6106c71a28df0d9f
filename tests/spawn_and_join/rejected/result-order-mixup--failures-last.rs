//! "First the pages in their order, then what has failed": a failure has its own place.

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
    let tasks: Vec<_> =
        urls.into_iter().map(|url| (Owned(tokio::spawn(fetch(url.clone()))), url)).collect();
    let (mut pages, mut failures) = (Vec::new(), Vec::new());
    for (mut task, url) in tasks {
        match (&mut task.0).await {
            Ok(page) => pages.push(Ok(page)),
            Err(error) => failures.push(Err(TaskFailed { url, why: error.to_string() })),
        }
    }
    pages.extend(failures);
    pages
}
