//! Whoever has nothing to do looks again in a moment.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::join_all;
use tokio::time::{sleep, timeout};

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
    busy: HashMap<String, usize>,
    under_way: usize,
    begun: usize,
}

impl Frontier {
    fn new(limits: Limits) -> Self {
        Frontier {
            limits,
            known: HashSet::new(),
            waiting: VecDeque::new(),
            busy: HashMap::new(),
            under_way: 0,
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
        if self.under_way == self.limits.at_once || self.begun == self.limits.pages {
            return None;
        }
        let has_room =
            |url: &String| self.busy.get(host(url)).is_none_or(|busy| *busy < self.limits.per_host);
        let next = self.waiting.iter().position(has_room)?;
        let url = self.waiting.remove(next)?;
        *self.busy.entry(host(&url).to_owned()).or_default() += 1;
        self.under_way += 1;
        self.begun += 1;
        Some(url)
    }

    fn end(&mut self, url: &str) {
        self.under_way -= 1;
        if let Some(busy) = self.busy.get_mut(host(url)) {
            *busy -= 1;
        }
    }
}

/// What all workers share.
struct Shared {
    frontier: Mutex<(Frontier, Report)>,
}

/// Fetches the pages with these addresses, and those that they link to, and so on.
pub async fn crawl<F: Fetch>(
    fetch: Arc<F>,
    seeds: Vec<String>,
    limits: Limits,
    stop: impl Future<Output = ()> + Send,
) -> Report {
    let mut frontier = Frontier::new(limits);
    frontier.find(seeds);
    let shared = Shared { frontier: Mutex::new((frontier, Report::default())) };
    let workers = (0..limits.at_once).map(|_| worker(&*fetch, &shared, limits.per_page).boxed());
    let workers = join_all(workers);
    let is_over = tokio::select! {
        biased;
        () = stop => false,
        _ = workers => true,
    };
    let (frontier, mut report) = shared.frontier.into_inner().unwrap();
    report.complete = is_over && frontier.waiting.is_empty();
    report
}

/// Fetches one page after another, until nobody can find any more.
async fn worker<F: Fetch>(fetch: &F, shared: &Shared, limit: Duration) {
    loop {
        let url = {
            let mut held = shared.frontier.lock().unwrap();
            match held.0.begin() {
                Some(url) => Some(url),
                None if held.0.under_way == 0 => return,
                None => None,
            }
        };
        let Some(url) = url else {
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        let (url, links) = page(fetch, url, limit).await;
        let mut held = shared.frontier.lock().unwrap();
        held.0.end(&url);
        match links {
            Some(links) => {
                held.1.fetched.push(url);
                held.0.find(links);
            }
            None => held.1.failed.push(url),
        }
    }
}

/// The page and its links; None if it has failed, in whatever way.
async fn page<F: Fetch>(fetch: &F, url: String, limit: Duration) -> (String, Option<Vec<String>>) {
    let links = AssertUnwindSafe(async { fetch.fetch(&url).await }).catch_unwind();
    let links = timeout(limit, links).await;
    let links = links.ok().and_then(Result::ok).and_then(Result::ok);
    (url, links)
}
