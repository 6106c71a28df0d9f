//! crawler: everything at once, nothing twice, and never too much.
//!
//! You know this from asyncio:
//!
//!     async def worker():
//!         while True:
//!             url = await queue.get()
//!             for link in await fetch(url):
//!                 if link not in seen:
//!                     seen.add(link)
//!                     queue.put_nowait(link)
//!             queue.task_done()
//!
//!     workers = [asyncio.create_task(worker()) for _ in range(10)]
//!     await queue.join()
//!
//! Nothing in this exercise is new to you. New is that it all comes together. Ten workers
//! are one limit, and here are two. When is there nothing left to do, if whoever works may
//! find more? Who sees that somebody has said stop, while pages come in all the time? And
//! where do all those futures live, so that none is left when this is over?

use std::sync::Arc;
use std::time::Duration;

/// The page could not be fetched. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// Fetches pages. Leave this one as it is.
pub trait Fetch: Send + Sync + 'static {
    /// The addresses that the page links to. It takes its time, and it may panic: the call
    /// itself, or the future.
    fn fetch(&self, url: &str) -> impl Future<Output = Result<Vec<String>, Broken>> + Send;
}

/// The host of an address: in `oslo/tea` it is `oslo`. Leave this one as it is.
pub fn host(url: &str) -> &str {
    url.split('/').next().unwrap_or_default()
}

/// How much at most. None of the numbers is 0. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many pages are fetched at the same time.
    pub at_once: usize,
    /// So many pages of one host are fetched at the same time.
    pub per_host: usize,
    /// So many pages are begun in all.
    pub pages: usize,
    /// A page that takes longer than this is given up.
    pub per_page: Duration,
}

/// What has come of it. Leave this one as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The addresses that were fetched, as they came in.
    pub fetched: Vec<String>,
    /// Those that were broken, that panicked, and that were given up.
    pub failed: Vec<String>,
    /// True if each address that was found is in one of the lists.
    pub complete: bool,
}

/// Fetches the pages with these addresses, and those that they link to, and so on.
///
/// - An address is fetched once at most, however often it is found.
/// - A page is begun as soon as all limits allow it. One whose host is busy is in no other
///   page's way.
/// - A page that fails is no reason for anything but its place in the report.
/// - As soon as `stop` is ready, this returns, with what has come in so far.
///
/// When it returns, no page is under way, and no task is left. Nor if it is dropped, from
/// that moment on or soon after it. While all wait, it sleeps.
pub async fn crawl<F: Fetch>(
    fetch: Arc<F>,
    seeds: Vec<String>,
    limits: Limits,
    stop: impl Future<Output = ()> + Send,
) -> Report {
    let _ = (fetch, seeds, limits, stop);
    todo!("know, begin, wait, and look what comes first")
}
