//! A future of its own, which polls the handles and aborts them when it is dropped.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures::future::BoxFuture;
use tokio::task::JoinHandle;

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

struct Tasks {
    tasks: Vec<(String, JoinHandle<String>)>,
    pages: Vec<Result<String, TaskFailed>>,
}

impl Future for Tasks {
    type Output = Vec<Result<String, TaskFailed>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        while self.pages.len() < self.tasks.len() {
            let next = self.pages.len();
            let (url, task) = &mut self.tasks[next];
            let page = ready!(Pin::new(task).poll(cx));
            let page =
                page.map_err(|error| TaskFailed { url: url.clone(), why: error.to_string() });
            self.pages.push(page);
        }
        Poll::Ready(std::mem::take(&mut self.pages))
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        for (_, task) in &self.tasks {
            task.abort();
        }
    }
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let start = |url: String| (url.clone(), tokio::spawn(fetch(url)));
    Tasks { tasks: urls.into_iter().map(start).collect(), pages: Vec::new() }.await
}
