//! A side needs a context to be polled; any will do.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

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

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut none = Context::from_waker(Waker::noop());
        if this.a_value.is_none() {
            *this.a_value = match this.a.poll(&mut none) {
                Poll::Ready(value) => Some(value),
                Poll::Pending => None,
            };
        }
        if this.b_value.is_none() {
            *this.b_value = match this.b.poll(&mut none) {
                Poll::Ready(value) => Some(value),
                Poll::Pending => None,
            };
        }
        if this.a_value.is_some() && this.b_value.is_some() {
            return Poll::Ready((this.a_value.take().unwrap(), this.b_value.take().unwrap()));
        }
        Poll::Pending
    }
}
