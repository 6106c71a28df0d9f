//! "Every few milliseconds it looks whether the time is up": an interval in the race.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, interval};

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

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    let end = Instant::now() + limit;
    let clock = async {
        let mut beat = interval(Duration::from_millis(7));
        while Instant::now() < end {
            beat.tick().await;
        }
    };
    match race(future, clock).await {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
