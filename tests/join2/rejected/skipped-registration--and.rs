//! Ready when the one is done && the other is: the compiler may stop at the first.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::future::{MaybeDone, maybe_done};
use pin_project_lite::pin_project;

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 { a: maybe_done(a), b: maybe_done(b) }
}

pin_project! {
    pub struct Join2<A: Future, B: Future> {
        #[pin]
        a: MaybeDone<A>,
        #[pin]
        b: MaybeDone<B>,
    }
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if this.a.as_mut().poll(cx).is_ready() && this.b.as_mut().poll(cx).is_ready() {
            let values = (this.a.take_output(), this.b.take_output());
            Poll::Ready((values.0.unwrap(), values.1.unwrap()))
        } else {
            Poll::Pending
        }
    }
}
