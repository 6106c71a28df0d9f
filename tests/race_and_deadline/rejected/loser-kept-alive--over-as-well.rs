//! Both are over in the same poll: there is nobody to cancel.

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
    Race { a: Some(Box::pin(a)), b: Some(Box::pin(b)) }
}

pub struct Race<A, B> {
    a: Option<Pin<Box<A>>>,
    b: Option<Pin<Box<B>>>,
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let (Some(a), Some(b)) = (&mut this.a, &mut this.b) else { panic!("the race is over") };
        match (a.as_mut().poll(cx), b.as_mut().poll(cx)) {
            (Poll::Ready(l), Poll::Ready(_)) => Poll::Ready(Either::Left(l)),
            (Poll::Ready(l), Poll::Pending) => {
                this.b = None;
                Poll::Ready(Either::Left(l))
            }
            (Poll::Pending, Poll::Ready(r)) => {
                this.a = None;
                Poll::Ready(Either::Right(r))
            }
            (Poll::Pending, Poll::Pending) => Poll::Pending,
        }
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match race(future, sleep(limit)).await {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
