//! As `wait_for` of old: now and then it looks whether the time is up.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, sleep};

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
        let won = match a.as_mut().poll(cx) {
            Poll::Ready(l) => Either::Left(l),
            Poll::Pending => match b.as_mut().poll(cx) {
                Poll::Ready(r) => Either::Right(r),
                Poll::Pending => return Poll::Pending,
            },
        };
        (this.a, this.b) = (None, None);
        Poll::Ready(won)
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    let begun = Instant::now();
    let mut future = pin!(future);
    loop {
        let look = sleep(Duration::from_millis(100));
        match race(future.as_mut(), look).await {
            Either::Left(output) => return Ok(output),
            Either::Right(()) if begun.elapsed() >= limit => return Err(Elapsed),
            Either::Right(()) => {}
        }
    }
}
