//! Threads are for a few, futures are for many.

use std::time::Duration;

use futures::future::join_all;
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
        if self.one_by_one == self.together {
            // Also zero by zero, which would be no number.
            return 1.0;
        }
        self.one_by_one.as_secs_f64() / self.together.as_secs_f64()
    }
}

/// Fetches all pages one by one, and then all of them again, together.
pub async fn compare<F: Fetch>(pages: &F, urls: &[&str]) -> Comparison {
    // Tokio's clock: it goes with the timers, also when a test has paused them.
    let start = Instant::now();
    for url in urls {
        // Whatever comes of it: both ways have to do the same.
        let _ = pages.fetch(url).await;
    }
    let one_by_one = start.elapsed();

    let start = Instant::now();
    let outcomes = join_all(urls.iter().map(|url| pages.fetch(url))).await;
    Comparison { one_by_one, together: start.elapsed(), outcomes }
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
    let many = work.jobs >= 2;
    match (many && work.waiting >= LONG, many && work.computing >= LONG) {
        (false, false) => Model::Plain,
        (true, false) => Model::Async,
        (false, true) if work.jobs < 100 => Model::Threads,
        (false, true) => Model::Async,
        (true, true) => Model::AsyncPlusThreads,
    }
}
