//! `select` of futures wants what may be moved: neither is boxed.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::{self, Select};
use tokio::time::sleep;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

pub fn race<A: Future, B: Future>(a: A, b: B) -> Race<A, B> {
    Race { inner: future::select(a, b) }
}

pub struct Race<A, B> {
    inner: Select<A, B>,
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match Pin::new(&mut self.inner).poll(cx) {
            Poll::Ready(future::Either::Left((l, _))) => Poll::Ready(Either::Left(l)),
            Poll::Ready(future::Either::Right((r, _))) => Poll::Ready(Either::Right(r)),
            Poll::Pending => Poll::Pending,
        }
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match race(future, sleep(limit)).await {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
