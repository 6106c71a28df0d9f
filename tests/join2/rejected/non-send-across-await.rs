//! "Futures are Send": so says everybody who spawns.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join2<A: Future + Send, B: Future + Send>(a: A, b: B) -> Join2<A, B> {
    Join2 { a: Ok(Box::pin(a)), b: Ok(Box::pin(b)) }
}

type Side<F> = Result<Pin<Box<F>>, Option<<F as Future>::Output>>;

pub struct Join2<A: Future + Send, B: Future + Send> {
    a: Side<A>,
    b: Side<B>,
}

impl<A: Future + Send, B: Future + Send> Unpin for Join2<A, B> {}

fn ask<F: Future>(side: &mut Side<F>, cx: &mut Context<'_>) {
    if let Ok(future) = side
        && let Poll::Ready(value) = future.as_mut().poll(cx)
    {
        *side = Err(Some(value));
    }
}

impl<A: Future + Send, B: Future + Send> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        // The order makes no difference.
        ask(&mut this.b, cx);
        ask(&mut this.a, cx);
        match (&mut this.a, &mut this.b) {
            (Err(a), Err(b)) => Poll::Ready((a.take().unwrap(), b.take().unwrap())),
            _ => Poll::Pending,
        }
    }
}
