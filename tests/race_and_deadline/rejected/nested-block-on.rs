//! "deadline is not async inside: a blocking wait with a time-out."

use std::future::Future;
use std::time::Duration;

use tokio::time::sleep;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

pub async fn race<A: Future, B: Future>(a: A, b: B) -> Either<A::Output, B::Output> {
    tokio::select! {
        biased;
        output = a => Either::Left(output),
        output = b => Either::Right(output),
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match futures::executor::block_on(race(future, sleep(limit))) {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
