//! Whatever is fetched is in an ordered set of futures, and a function measures both.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesOrdered;
use tokio::time::Instant;

/// There was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnswer;

/// Fetches pages.
pub trait Fetch {
    /// The status of the page.
    fn fetch(&self, url: &str) -> impl Future<Output = Result<u16, NoAnswer>>;
}

/// How long it takes, in both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub one_by_one: Duration,
    pub together: Duration,
    /// What came when they were fetched together, in the order of the addresses.
    pub outcomes: Vec<Result<u16, NoAnswer>>,
}

impl Comparison {
    /// How many times as fast it is together.
    pub fn speedup(&self) -> f64 {
        let times = self.one_by_one.as_secs_f64() / self.together.as_secs_f64();
        if times.is_nan() { 1.0 } else { times }
    }
}

/// Fetches all pages one by one, and then all of them again, together.
pub async fn compare<F: Fetch>(pages: &F, urls: &[&str]) -> Comparison {
    let (one_by_one, _) = timed(async {
        for url in urls {
            drop(pages.fetch(url).await);
        }
    })
    .await;
    let all: FuturesOrdered<_> = urls.iter().map(|url| pages.fetch(url)).collect();
    let (together, outcomes) = timed(all.collect()).await;
    Comparison { one_by_one, together, outcomes }
}

async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let start = Instant::now();
    let done = work.await;
    (Instant::now().duration_since(start), done)
}

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    /// How many jobs.
    pub jobs: usize,
    /// How long each of them waits.
    pub waiting: Duration,
    /// How long each of them computes.
    pub computing: Duration,
}

/// How it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// One after the other, on one thread.
    Plain,
    /// Futures, all on one thread.
    Async,
    /// Threads, as many as there are cores.
    Threads,
    /// Futures that wait, and threads for what they have to compute.
    AsyncPlusThreads,
}

/// As long as this, and waiting or computing is worth talking about.
pub const LONG: Duration = Duration::from_millis(1);

/// The simplest way that is fast.
pub fn recommend(work: &Workload) -> Model {
    let waits = work.waiting >= LONG;
    let computes = work.computing >= LONG;
    if work.jobs < 2 || !(waits || computes) {
        Model::Plain
    } else if waits && computes {
        Model::AsyncPlusThreads
    } else if waits {
        Model::Async
    } else {
        Model::Threads
    }
}
