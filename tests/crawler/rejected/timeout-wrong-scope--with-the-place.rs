//! The time in which a page waits for its place is counted as well.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The page could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// Fetches pages.
pub trait Fetch: Send + Sync + 'static {
    /// The addresses that the page links to.
    fn fetch(&self, url: &str) -> impl Future<Output = Result<Vec<String>, Broken>> + Send;
}

/// The host of an address.
pub fn host(url: &str) -> &str {
    url.split('/').next().unwrap_or_default()
}

/// How much at most.
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

/// What has come of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The addresses that were fetched, as they came in.
    pub fetched: Vec<String>,
    /// Those that were broken, that panicked, and that were given up.
    pub failed: Vec<String>,
    /// True if each address that was found is in one of the lists.
    pub complete: bool,
}

/// The addresses that are known, and those that are not begun.
struct Frontier {
    limits: Limits,
    known: HashSet<String>,
    waiting: VecDeque<String>,
    begun: usize,
}

impl Frontier {
    fn new(limits: Limits) -> Self {
        Frontier { limits, known: HashSet::new(), waiting: VecDeque::new(), begun: 0 }
    }

    fn find(&mut self, urls: Vec<String>) {
        for url in urls {
            if self.known.insert(url.clone()) {
                self.waiting.push_back(url);
            }
        }
    }

    fn begin(&mut self) -> Option<String> {
        if self.begun == self.limits.pages {
            return None;
        }
        let url = self.waiting.pop_front()?;
        self.begun += 1;
        Some(url)
    }
}

/// Fetches the pages with these addresses, and those that they link to, and so on.
pub async fn crawl<F: Fetch>(
    fetch: Arc<F>,
    seeds: Vec<String>,
    limits: Limits,
    stop: impl Future<Output = ()> + Send,
) -> Report {
    let mut report = Report::default();
    let mut frontier = Frontier::new(limits);
    frontier.find(seeds);
    let mut pages = FuturesUnordered::new();
    let places = Arc::new(Semaphore::new(limits.at_once));
    let mut hosts: HashMap<String, Arc<Semaphore>> = HashMap::new();
    let mut stop = pin!(stop);
    loop {
        while let Some(url) = frontier.begin() {
            let at_host = hosts.entry(host(&url).to_owned());
            let at_host = at_host.or_insert_with(|| Arc::new(Semaphore::new(limits.per_host)));
            let (at_host, places, fetch) = (at_host.clone(), places.clone(), fetch.clone());
            pages.push(async move {
                let _at_host = at_host.acquire().await;
                let links = AssertUnwindSafe(async {
                    let _place = places.acquire().await;
                    fetch.fetch(&url).await
                })
                .catch_unwind();
                let links = timeout(limits.per_page, links).await;
                let links = links.ok().and_then(Result::ok).and_then(Result::ok);
                (url, links)
            });
        }
        let next = tokio::select! {
            biased;
            () = &mut stop => return report,
            next = pages.next() => next,
        };
        let Some((url, links)) = next else { break };
        match links {
            Some(links) => {
                report.fetched.push(url);
                frontier.find(links);
            }
            None => report.failed.push(url),
        }
    }
    report.complete = frontier.waiting.is_empty();
    report
}
