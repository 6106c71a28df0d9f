//! send_or_local: what may change threads, and what must not.
//!
//! In asyncio the question does not come up. One loop, one thread, for good:
//!
//!     words = parse(page)         # any object you like
//!     await save(len(words))      # it is still there afterwards, on this thread
//!
//! A Rust task may go to sleep on one thread and wake up on another. Whatever
//! it holds at an await makes that journey, so it must be `Send`. An `Rc` is
//! not: it counts its owners without a lock, and two threads would miscount.
//!
//! There are two ways out, and you need one for each function. Let go of the
//! thing before you await: then the future is `Send`. Or stay on one thread for
//! good: then you may keep what you like, and still do many things at once.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use futures::future::{BoxFuture, LocalBoxFuture};

/// The words of a page. As if it came from a library that cares for one thread
/// only: it is not `Send`. Leave it as it is.
pub struct Words(Vec<Rc<str>>);

impl Words {
    /// Parses a page. Leave this one as it is.
    pub fn parse(page: &str) -> Self {
        Words(page.split_whitespace().map(Rc::from).collect())
    }

    /// How many different words there are. Leave this one as it is.
    pub fn different(&self) -> usize {
        self.0.iter().collect::<HashSet<_>>().len()
    }
}

/// Saves a number somewhere, which takes its time.
pub type Save = Arc<dyn Fn(usize) -> BoxFuture<'static, ()> + Send + Sync>;

/// Saves for each page how many different words it has: in the order of the
/// pages, one after the other. Returns the sum of these numbers.
///
/// The future is `Send`, so that it can be spawned as a task. When it is ready,
/// everything is saved.
pub async fn tally(pages: Vec<String>, save: Save) -> usize {
    let mut sum = 0;
    for page in pages {
        let words = Words::parse(&page);
        sum += words.different();
        // TODO: here the task may change threads. Who else would have to?
        save(words.different()).await;
    }
    sum
}

/// A job that shares a counter with all the others. Neither the job nor its
/// future is `Send`.
pub type LocalJob = Box<dyn FnOnce(Rc<Cell<u32>>) -> LocalBoxFuture<'static, ()>>;

/// Runs all jobs at once, on the thread of whoever polls. Each gets a share of
/// one counter, which begins at 0. Returns its value when all jobs are done.
///
/// No job begins before the first poll. The caller has nothing prepared for
/// tasks that are not `Send`: no `LocalSet` is around. If the future is dropped,
/// the jobs end with it.
pub async fn run_local(jobs: Vec<LocalJob>) -> u32 {
    let counter = Rc::new(Cell::new(0));
    for job in jobs {
        // TODO: the next job has not even begun.
        job(counter.clone()).await;
    }
    counter.get()
}
