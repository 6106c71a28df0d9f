//! "When one has failed I know enough": the failure is told, and all that was good is thrown away.

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::future::try_join_all;
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
    let pages = tasks.into_iter().map(|(mut task, url)| async move {
        let ended = (&mut task.0).await;
        ended.map_err(|error| TaskFailed { url, why: error.to_string() })
    });
    match try_join_all(pages).await {
        Ok(pages) => pages.into_iter().map(Ok).collect(),
        Err(failed) => vec![Err(failed)],
    }
}
