//! Each task catches its own panic, and so always ends well; a JoinSet and a sort.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::task::JoinSet;

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|words| words.to_string());
    text.or_else(|| panic.downcast_ref().cloned()).unwrap_or_else(|| "no words".to_owned())
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let mut tasks = JoinSet::new();
    for (place, url) in urls.into_iter().enumerate() {
        let fetch = fetch.clone();
        tasks.spawn(async move {
            let page = AssertUnwindSafe(async { fetch(url.clone()).await }).catch_unwind().await;
            (place, page.map_err(|panic| TaskFailed { url, why: words(&*panic) }))
        });
    }
    let mut pages = tasks.join_all().await;
    pages.sort_by_key(|(place, _)| *place);
    pages.into_iter().map(|(_, page)| page).collect()
}
