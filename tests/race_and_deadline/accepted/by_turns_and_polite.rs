//! One racer a poll; it asks for the next turn until both have the waker.

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
    Race { racers: Some((Box::pin(a), Box::pin(b))), at_b: false }
}

pub struct Race<A, B> {
    racers: Option<(Pin<Box<A>>, Pin<Box<B>>)>,
    at_b: bool,
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let Some((a, b)) = &mut this.racers else { panic!("the race is over") };
        let winner = match a.as_mut().poll(cx) {
            Poll::Ready(output) => Either::Left(output),
            Poll::Pending if !this.at_b => {
                this.at_b = true;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Pending => match b.as_mut().poll(cx) {
                Poll::Ready(output) => Either::Right(output),
                Poll::Pending => return Poll::Pending,
            },
        };
        this.racers = None;
        Poll::Ready(winner)
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match race(race(future, std::future::pending::<()>()), sleep(limit)).await {
        Either::Left(Either::Left(output)) => Ok(output),
        Either::Left(Either::Right(())) | Either::Right(()) => Err(Elapsed),
    }
}
