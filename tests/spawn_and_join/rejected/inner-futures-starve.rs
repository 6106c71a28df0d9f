//! "join_all does the same without tasks": only for as long as somebody polls it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::{FutureExt, future::join_all};

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    join_all(urls.into_iter().map(|url| {
        let page = AssertUnwindSafe(fetch(url.clone())).catch_unwind();
        page.map(|page| {
            page.map_err(|panic| {
                let text = panic.downcast_ref::<&str>().map(|words| words.to_string());
                let why = text.or_else(|| panic.downcast_ref().cloned()).unwrap_or_default();
                TaskFailed { url, why }
            })
        })
    }))
    .await
}
