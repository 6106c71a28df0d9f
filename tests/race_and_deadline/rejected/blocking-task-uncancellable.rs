//! "A sleep that blocks belongs into spawn_blocking": nobody can stop it.

use std::future::Future;
use std::time::Duration;

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
    let timer = tokio::task::spawn_blocking(move || std::thread::sleep(limit));
    match race(future, timer).await {
        Either::Left(output) => Ok(output),
        Either::Right(_) => Err(Elapsed),
    }
}
