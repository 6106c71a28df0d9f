//! Polls what it holds by `&mut`, without a `Pin`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::sleep;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

pub fn race<A: Future, B: Future>(a: A, b: B) -> Race<A, B> {
    Race { a: Some(a), b: Some(b) }
}

pub struct Race<A, B> {
    a: Option<A>,
    b: Option<B>,
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(a) = &mut self.a {
            if let Poll::Ready(l) = a.poll(cx) {
                self.b = None;
                return Poll::Ready(Either::Left(l));
            }
        }
        if let Some(b) = &mut self.b {
            if let Poll::Ready(r) = b.poll(cx) {
                self.a = None;
                return Poll::Ready(Either::Right(r));
            }
        }
        Poll::Pending
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match race(future, sleep(limit)).await {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
