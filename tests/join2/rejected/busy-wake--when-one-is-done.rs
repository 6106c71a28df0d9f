//! One side is done, which is progress, and progress is told with a wake.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 { a, b, a_value: None, b_value: None }
}

pin_project! {
    pub struct Join2<A: Future, B: Future> {
        #[pin]
        a: A,
        #[pin]
        b: B,
        a_value: Option<A::Output>,
        b_value: Option<B::Output>,
    }
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.a_value.is_none() {
            *this.a_value = match this.a.poll(cx) {
                Poll::Ready(value) => Some(value),
                Poll::Pending => None,
            };
        }
        if this.b_value.is_none() {
            *this.b_value = match this.b.poll(cx) {
                Poll::Ready(value) => Some(value),
                Poll::Pending => None,
            };
        }
        if this.a_value.is_some() && this.b_value.is_some() {
            return Poll::Ready((this.a_value.take().unwrap(), this.b_value.take().unwrap()));
        }
        if this.a_value.is_some() != this.b_value.is_some() {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}
