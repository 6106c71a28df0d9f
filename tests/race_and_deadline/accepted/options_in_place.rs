//! Each in an option of its own, pinned in place; the timer, too.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

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

pin_project! {
    pub struct Race<A, B> {
        #[pin]
        a: Option<A>,
        #[pin]
        b: Option<B>,
    }
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let left = this.a.as_mut().as_pin_mut().map(|a| a.poll(cx));
        if let Some(Poll::Ready(output)) = left {
            this.b.set(None);
            return Poll::Ready(Either::Left(output));
        }
        let right = this.b.as_mut().as_pin_mut().map(|b| b.poll(cx));
        if let Some(Poll::Ready(output)) = right {
            this.a.set(None);
            return Poll::Ready(Either::Right(output));
        }
        Poll::Pending
    }
}

pub fn deadline<F: Future>(limit: Duration, future: F) -> Deadline<F> {
    Deadline { limit, future: Some(future), timer: None }
}

pin_project! {
    pub struct Deadline<F> {
        limit: Duration,
        #[pin]
        future: Option<F>,
        // None before the first poll, and when the wait is over.
        #[pin]
        timer: Option<Sleep>,
    }
}

impl<F: Future> Future for Deadline<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if this.timer.is_none() {
            this.timer.set(Some(sleep(*this.limit)));
        }
        let future = this.future.as_mut().as_pin_mut().map(|future| future.poll(cx));
        let result = match future {
            Some(Poll::Ready(output)) => Ok(output),
            _ => {
                let timer = this.timer.as_mut().as_pin_mut();
                match timer.map(|timer| timer.poll(cx)) {
                    Some(Poll::Ready(())) => Err(Elapsed),
                    _ => return Poll::Pending,
                }
            }
        };
        this.future.set(None);
        this.timer.set(None);
        Poll::Ready(result)
    }
}
