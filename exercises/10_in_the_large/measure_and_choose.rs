//! measure_and_choose: which way is faster, and how would you know?
//!
//! You know this from asyncio:
//!
//!     start = loop.time()
//!     for url in urls:
//!         await session.get(url)
//!     one_by_one = loop.time() - start
//!
//!     start = loop.time()
//!     await asyncio.gather(*(session.get(url) for url in urls), return_exceptions=True)
//!     together = loop.time() - start
//!     print(f"{one_by_one / together:.1f} times as fast")
//!
//! A few lines, and still it is easy to compare two things that are not the same. Does
//! the clock see the time that the timers see? Has each way done all of the work? And
//! what if there was no work at all?
//!
//! Then use what you know, and choose. Waiting is what async code is good at. What is
//! there to gain if a job does not wait?

use std::time::Duration;

/// There was no answer. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnswer;

/// Fetches pages. Leave this one as it is.
pub trait Fetch {
    /// The status of the page. It takes its time.
    fn fetch(&self, url: &str) -> impl Future<Output = Result<u16, NoAnswer>>;
}

/// How long it takes, in both ways. Leave this one as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub one_by_one: Duration,
    pub together: Duration,
    /// What came when they were fetched together, in the order of the addresses.
    pub outcomes: Vec<Result<u16, NoAnswer>>,
}

impl Comparison {
    /// How many times as fast it is together: 2.0 if it takes half of the time. If
    /// neither took any time it is 1.0, and if only `together` took none it is infinite.
    pub fn speedup(&self) -> f64 {
        todo!("divide")
    }
}

/// Fetches all pages one by one, and then all of them again, together.
///
/// A page that gives no answer is an outcome as well, and no reason to skip another one.
/// Each of the two times goes from the beginning of the first page to the end of the
/// last one, and is measured with the clock of the runtime.
pub async fn compare<F: Fetch>(pages: &F, urls: &[&str]) -> Comparison {
    let _ = (pages, urls);
    todo!("measure twice")
}

/// What there is to do. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    /// How many jobs, none of which needs another one.
    pub jobs: usize,
    /// How long each of them waits: for a server, a disk, a timer.
    pub waiting: Duration,
    /// How long each of them computes.
    pub computing: Duration,
}

/// How it is done. Leave this one as it is.
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

/// As long as this, and waiting or computing is worth talking about. Leave this one as it
/// is.
pub const LONG: Duration = Duration::from_millis(1);

/// The simplest way that is fast.
///
/// It is worth a second thought if there are two jobs or more, and if each of them waits
/// or computes for as long as [`LONG`]. What waits can wait beside others on one thread.
/// What computes holds up whoever is on the same thread, and needs cores.
pub fn recommend(work: &Workload) -> Model {
    let _ = work;
    todo!("look at what a job does with its time")
}
