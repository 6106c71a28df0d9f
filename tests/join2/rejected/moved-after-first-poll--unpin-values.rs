//! Box the futures; their values are plain data, and that is Unpin.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 { a: Ok(Box::pin(a)), b: Ok(Box::pin(b)) }
}

pub struct Join2<A: Future, B: Future> {
    a: Result<Pin<Box<A>>, Option<A::Output>>,
    b: Result<Pin<Box<B>>, Option<B::Output>>,
}

fn ask<F: Future>(side: &mut Result<Pin<Box<F>>, Option<F::Output>>, cx: &mut Context<'_>) {
    if let Ok(future) = side
        && let Poll::Ready(value) = future.as_mut().poll(cx)
    {
        *side = Err(Some(value));
    }
}

impl<A, B> Future for Join2<A, B>
where
    A: Future<Output: Unpin>,
    B: Future<Output: Unpin>,
{
    type Output = (A::Output, B::Output);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        ask(&mut this.a, cx);
        ask(&mut this.b, cx);
        match (&mut this.a, &mut this.b) {
            (Err(a), Err(b)) => Poll::Ready((a.take().unwrap(), b.take().unwrap())),
            _ => Poll::Pending,
        }
    }
}
