//! "Whoever polls me will poll me again": nobody will, since the handles were given a waker that wakes nobody.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

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
    let mut tasks: Vec<_> =
        urls.iter().map(|url| Owned(tokio::spawn(fetch(url.clone())))).collect();
    let mut pages: Vec<_> = urls.iter().map(|_| None).collect();
    poll_fn(|_| {
        let mut cx = Context::from_waker(Waker::noop());
        for ((task, page), url) in tasks.iter_mut().zip(&mut pages).zip(&urls) {
            if page.is_none()
                && let Poll::Ready(ended) = Pin::new(&mut task.0).poll(&mut cx)
            {
                let failed = |why| TaskFailed { url: url.clone(), why };
                *page = Some(ended.map_err(|error| failed(error.to_string())));
            }
        }
        if pages.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    pages.into_iter().flatten().collect()
}
