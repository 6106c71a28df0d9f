//! Poll both, and keep whatever value comes, until there are two.

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
        if let Poll::Ready(value) = this.a.poll(cx) {
            *this.a_value = Some(value);
        }
        if let Poll::Ready(value) = this.b.poll(cx) {
            *this.b_value = Some(value);
        }
        match (this.a_value.take(), this.b_value.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (*this.a_value, *this.b_value) = (a, b);
                Poll::Pending
            }
        }
    }
}
