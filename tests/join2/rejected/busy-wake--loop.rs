//! It waits for both: as long as one is missing, it asks again.

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
        let (mut a, mut b) = (this.a, this.b);
        while this.a_value.is_none() || this.b_value.is_none() {
            if this.a_value.is_none()
                && let Poll::Ready(value) = a.as_mut().poll(cx)
            {
                *this.a_value = Some(value);
            }
            if this.b_value.is_none()
                && let Poll::Ready(value) = b.as_mut().poll(cx)
            {
                *this.b_value = Some(value);
            }
        }
        Poll::Ready((this.a_value.take().unwrap(), this.b_value.take().unwrap()))
    }
}
