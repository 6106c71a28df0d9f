//! "The compiler asks for Unpin, so I promise it": now async fns may not race.

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

pub fn race<A: Future + Unpin, B: Future + Unpin>(a: A, b: B) -> Race<A, B> {
    Race { a: Some(a), b: Some(b) }
}

pub struct Race<A, B> {
    a: Option<A>,
    b: Option<B>,
}

impl<A: Future + Unpin, B: Future + Unpin> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let (Some(a), Some(b)) = (&mut this.a, &mut this.b) else { panic!("the race is over") };
        let winner = if let Poll::Ready(output) = Pin::new(a).poll(cx) {
            Either::Left(output)
        } else if let Poll::Ready(output) = Pin::new(b).poll(cx) {
            Either::Right(output)
        } else {
            return Poll::Pending;
        };
        (this.a, this.b) = (None, None);
        Poll::Ready(winner)
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match race(Box::pin(future), Box::pin(sleep(limit))).await {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
