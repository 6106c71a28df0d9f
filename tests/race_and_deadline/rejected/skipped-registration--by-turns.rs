//! "Fair play: one poll for this one, the next poll for the other one."

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
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
    Race { racers: Some((Box::pin(a), Box::pin(b))), right: false }
}

pub struct Race<A, B> {
    racers: Option<(Pin<Box<A>>, Pin<Box<B>>)>,
    right: bool,
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let right = self.right;
        self.right = !right;
        let Some((a, b)) = &mut self.racers else { panic!("the race is over") };
        let winner = match right {
            false => Either::Left(ready!(a.as_mut().poll(cx))),
            true => Either::Right(ready!(b.as_mut().poll(cx))),
        };
        self.racers = None;
        Poll::Ready(winner)
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match race(future, sleep(limit)).await {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
