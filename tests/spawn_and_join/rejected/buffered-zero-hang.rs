//! "As many at a time as there are pages": without pages that is none, and it waits for a place for ever.

use std::sync::Arc;

use futures::StreamExt;
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
    let places = urls.len();
    let tasks = urls.into_iter().map(|url| {
        let fetch = fetch.clone();
        async move {
            let mut task = Owned(tokio::spawn(fetch(url.clone())));
            let ended = (&mut task.0).await;
            ended.map_err(|error| TaskFailed { url, why: error.to_string() })
        }
    });
    futures::stream::iter(tasks).buffered(places).collect().await
}
