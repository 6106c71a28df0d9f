//! A future that is over stays where it is, beside its value, until both go.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 { a, b, values: (None, None) }
}

pin_project! {
    pub struct Join2<A: Future, B: Future> {
        #[pin]
        a: A,
        #[pin]
        b: B,
        values: (Option<A::Output>, Option<B::Output>),
    }
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (a, b) = this.values;
        if a.is_none() {
            *a = match this.a.poll(cx) {
                Poll::Ready(value) => Some(value),
                Poll::Pending => None,
            };
        }
        if b.is_none() {
            *b = match this.b.poll(cx) {
                Poll::Ready(value) => Some(value),
                Poll::Pending => None,
            };
        }
        match (a.take(), b.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (one, other) => {
                (*a, *b) = (one, other);
                Poll::Pending
            }
        }
    }
}
