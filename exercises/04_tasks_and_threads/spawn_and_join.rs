//! spawn_and_join: a task for each page, and a word from each of them.
//!
//! You know this from asyncio:
//!
//!     tasks = [asyncio.create_task(fetch(url)) for url in urls]
//!     pages = await asyncio.gather(*tasks, return_exceptions=True)
//!
//! A task is polled by the runtime. So it goes on while you are busy elsewhere,
//! and its panic ends nobody but itself. That freedom has its price: you must
//! ask each task how it ended, and take it with you when you go.
//!
//! `fetch_all` below has no tasks. The second page waits for the first one, and
//! one page that panics takes all the others with it.

use std::sync::Arc;

use futures::future::BoxFuture;

/// Fetches the page at a URL, or panics. Leave this one as it is.
pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

/// What is known of a task that panicked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    /// The page that was to be fetched.
    pub url: String,
    /// The words of the panic are in here, if it had any.
    pub why: String,
}

/// Fetches every page in a task of its own, all of them at once. A URL that stands
/// there twice is fetched twice.
///
/// The results stand in the order of the URLs: a page, or how its task failed.
/// One that fails harms no other. From the first poll on, the tasks run by
/// themselves, even while nobody polls this future. It sleeps until a task has
/// news. If it is dropped, its tasks are aborted.
pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let mut pages = Vec::new();
    for url in urls {
        // TODO: this is `await fetch(url)` in a loop. Where is the task?
        pages.push(Ok(fetch(url).await));
    }
    pages
}
