//! A future that is over has no address to keep, so unsafe may take it out.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 { a: Some(a), b: Some(b), a_value: None, b_value: None }
}

pub struct Join2<A: Future, B: Future> {
    a: Option<A>,
    b: Option<B>,
    a_value: Option<A::Output>,
    b_value: Option<B::Output>,
}

fn ask<F: Future>(side: &mut Option<F>, value: &mut Option<F::Output>, cx: &mut Context<'_>) {
    if let Some(mut future) = side.take() {
        match unsafe { Pin::new_unchecked(&mut future) }.poll(cx) {
            Poll::Ready(got) => *value = Some(got),
            Poll::Pending => *side = Some(future),
        }
    }
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = unsafe { self.get_unchecked_mut() };
        ask(&mut this.a, &mut this.a_value, cx);
        ask(&mut this.b, &mut this.b_value, cx);
        if this.a.is_some() || this.b.is_some() {
            return Poll::Pending;
        }
        Poll::Ready((this.a_value.take().unwrap(), this.b_value.take().unwrap()))
    }
}
