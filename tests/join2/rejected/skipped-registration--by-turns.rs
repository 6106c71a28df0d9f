//! One side each poll, by turns: so none of them is forgotten.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 { a, b, a_value: None, b_value: None, a_turn: false }
}

pin_project! {
    pub struct Join2<A: Future, B: Future> {
        #[pin]
        a: A,
        #[pin]
        b: B,
        a_value: Option<A::Output>,
        b_value: Option<B::Output>,
        a_turn: bool,
    }
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        *this.a_turn = !*this.a_turn;
        if this.a_value.is_none() && (*this.a_turn || this.b_value.is_some()) {
            *this.a_value = match this.a.poll(cx) {
                Poll::Ready(value) => Some(value),
                Poll::Pending => None,
            };
        }
        if this.b_value.is_none() && (!*this.a_turn || this.a_value.is_some()) {
            *this.b_value = match this.b.poll(cx) {
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
