//! Whoever panics has no address any more, so there is no line for it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
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

/// The addresses that are known, and what is going on.
struct Frontier {
    limits: Limits,
    known: HashSet<String>,
    waiting: VecDeque<String>,
    busy: Arc<Mutex<HashMap<String, usize>>>,
    begun: usize,
}

impl Frontier {
    fn new(limits: Limits) -> Self {
        Frontier {
            limits,
            known: HashSet::new(),
            waiting: VecDeque::new(),
            busy: Arc::default(),
            begun: 0,
        }
    }

    /// Known from now on: there is no await between the look and the entry.
    fn find(&mut self, urls: Vec<String>) {
        for url in urls {
            if self.known.insert(url.clone()) {
                self.waiting.push_back(url);
            }
        }
    }

    /// The next address that all limits allow.
    fn begin(&mut self) -> Option<String> {
        let mut busy = self.busy.lock().unwrap();
        if busy.values().sum::<usize>() == self.limits.at_once || self.begun == self.limits.pages {
            return None;
        }
        let has_room =
            |url: &String| busy.get(host(url)).is_none_or(|busy| *busy < self.limits.per_host);
        let next = self.waiting.iter().position(has_room)?;
        let url = self.waiting.remove(next)?;
        *busy.entry(host(&url).to_owned()).or_default() += 1;
        self.begun += 1;
        Some(url)
    }
}

/// A page is under way as long as this is there.
struct Place(Arc<Mutex<HashMap<String, usize>>>, String);

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(busy) = self.0.lock().unwrap().get_mut(&self.1) {
            *busy -= 1;
        }
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
    let mut pages = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        while let Some(url) = frontier.begin() {
            let fetch = fetch.clone();
            let place = Place(frontier.busy.clone(), host(&url).to_owned());
            pages.spawn(async move {
                let _place = place;
                page(&*fetch, url, limits.per_page).await
            });
        }
        let next = tokio::select! {
            biased;
            () = &mut stop => {
                // Until the last of them is gone.
                pages.shutdown().await;
                return report;
            }
            next = pages.join_next() => next,
        };
        let Some(ended) = next else { break };
        let Ok((url, links)) = ended else { continue };
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

/// The page and its links; None if it has failed, in whatever way.
async fn page<F: Fetch>(fetch: &F, url: String, limit: Duration) -> (String, Option<Vec<String>>) {
    let links = timeout(limit, async { fetch.fetch(&url).await }).await;
    let links = links.ok().and_then(Result::ok);
    (url, links)
}
