//! The timer is a task, and a guard ends it with the wait.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

pub async fn race<A: Future, B: Future>(a: A, b: B) -> Either<A::Output, B::Output> {
    let (mut a, mut b) = (pin!(a), pin!(b));
    poll_fn(|cx| {
        let left = a.as_mut().poll(cx).map(Either::Left);
        if left.is_ready() { left } else { b.as_mut().poll(cx).map(Either::Right) }
    })
    .await
}

struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    let mut timer = AbortOnDrop(tokio::spawn(sleep(limit)));
    match race(future, &mut timer.0).await {
        Either::Left(output) => Ok(output),
        Either::Right(_) => Err(Elapsed),
    }
}
