//! "A struct with the future and its timer": after the result the timer runs on.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

pub fn race<A: Future, B: Future>(a: A, b: B) -> Race<A, B> {
    Race { racers: Some((Box::pin(a), Box::pin(b))) }
}

pub struct Race<A, B> {
    racers: Option<(Pin<Box<A>>, Pin<Box<B>>)>,
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some((a, b)) = &mut self.racers else { panic!("the race is over") };
        let winner = if let Poll::Ready(output) = a.as_mut().poll(cx) {
            Either::Left(output)
        } else if let Poll::Ready(output) = b.as_mut().poll(cx) {
            Either::Right(output)
        } else {
            return Poll::Pending;
        };
        self.racers = None;
        Poll::Ready(winner)
    }
}

pub fn deadline<F: Future>(limit: Duration, future: F) -> Deadline<F> {
    Deadline { limit, future: Some(Box::pin(future)), timer: None }
}

pub struct Deadline<F> {
    limit: Duration,
    future: Option<Pin<Box<F>>>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl<F: Future> Future for Deadline<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let Some(future) = &mut this.future else { panic!("the wait is over") };
        let result = if let Poll::Ready(output) = future.as_mut().poll(cx) {
            Ok(output)
        } else {
            let timer = this.timer.get_or_insert_with(|| Box::pin(sleep(this.limit)));
            ready!(timer.as_mut().poll(cx));
            Err(Elapsed)
        };
        this.future = None;
        Poll::Ready(result)
    }
}
