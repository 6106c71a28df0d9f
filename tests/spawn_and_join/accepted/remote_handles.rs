//! Handles of the futures crate: they cancel when they are dropped. Each panic is caught before it gets there.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|words| words.to_string());
    text.or_else(|| panic.downcast_ref().cloned()).unwrap_or_default()
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let mut handles = Vec::new();
    for url in urls {
        let page = AssertUnwindSafe(fetch(url.clone())).catch_unwind();
        let (task, handle) = page.remote_handle();
        tokio::spawn(task);
        handles.push((url, handle));
    }
    let mut pages = Vec::new();
    for (url, handle) in handles {
        pages.push(handle.await.map_err(|panic| TaskFailed { url, why: words(&*panic) }));
    }
    pages
}
