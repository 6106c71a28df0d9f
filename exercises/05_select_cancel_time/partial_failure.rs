//! partial_failure: some of the jobs fail. What does that mean for the others?
//!
//! You know three answers from asyncio:
//!
//!     async with asyncio.TaskGroup() as group:      # one error ends them all
//!         tasks = [group.create_task(job) for job in jobs]
//!
//!     results = await asyncio.gather(*jobs, return_exceptions=True)   # a report
//!
//!     for next_one in asyncio.as_completed(jobs):   # until there are enough
//!         good.append(await next_one)
//!
//! The jobs are the same, the contracts are not. In the first an error is the end.
//! In the second it is a line in a list. In the third it is one chance less.
//!
//! Four things hold for all three functions below:
//!
//! - Nothing begins before the first poll. With it all jobs are under way at once.
//! - It sleeps until a job has news. It returns at the very instant at which its
//!   answer is certain, and not when the last job happens to be done.
//! - When it is over, so are its jobs: each has ended, or was dropped before the
//!   answer came out. That holds for an error and for a panic, too.
//! - If it is itself dropped half-way, its jobs go as well. (Of tasks: they are
//!   aborted.)
//!
//! A task that was told to abort is not gone yet. It is when you have awaited it.

use std::any::Any;
use std::time::Duration;

use futures::future::BoxFuture;

/// Work that may fail: by an error, by a panic, or by taking far too long. Leave
/// this one as it is.
pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

/// All results, in the order of the list. Or the first error: first by time, not
/// by place.
///
/// A panic is no error. It comes out of this function, with all that it carries, at
/// the instant at which it happens.
pub async fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let _ = jobs;
    todo!("one error ends them all")
}

/// What became of each job: its place in the list of jobs, counted from 0, stands in
/// one of these two, and in each of them in rising order. Leave this one as it is.
#[derive(Debug)]
pub struct Report<T, E> {
    /// Who has a result.
    pub done: Vec<(usize, T)>,
    /// Who has none, and why.
    pub failed: Vec<(usize, Failure<E>)>,
}

/// Why there is no result. Leave this one as it is.
#[derive(Debug)]
pub enum Failure<E> {
    /// The job returned an error.
    Error(E),
    /// It was not done in time.
    TimedOut,
    /// It panicked, and this is what the panic carried: a text, or anything else.
    Panicked(Box<dyn Any + Send>),
}

/// What became of each job. No failure harms any other job, whatever its kind.
///
/// A job that is not done within `each`, counted from the first poll, has timed
/// out. What it might still have given does not count.
pub async fn best_effort<T, E>(jobs: Vec<Job<T, E>>, each: Duration) -> Report<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let _ = (jobs, each);
    todo!("a report, with a line for each job")
}

/// The first `need` results, in the order in which they come. Or, if there can no
/// longer be so many, the errors until then, in the order in which they have come.
///
/// It waits neither for results beyond those, nor for further errors. So with a
/// `need` of 0 it is Ok at once, and if there are fewer jobs than it needs it is
/// an Err at once; both lists are empty then.
///
/// A panic comes out at its instant, as it does of [`all_or_nothing`].
pub async fn quorum<T, E>(jobs: Vec<Job<T, E>>, need: usize) -> Result<Vec<T>, Vec<E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let _ = (jobs, need);
    todo!("enough, or no longer possible")
}
