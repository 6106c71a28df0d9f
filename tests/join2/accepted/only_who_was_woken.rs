//! A set that polls only those of its futures that were woken.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use pin_project_lite::pin_project;

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 {
        waiting: [Side::A { future: a }, Side::B { future: b }].into_iter().collect(),
        a: None,
        b: None,
    }
}

pub struct Join2<A: Future, B: Future> {
    waiting: FuturesUnordered<Side<A, B>>,
    a: Option<A::Output>,
    b: Option<B::Output>,
}

impl<A: Future, B: Future> Unpin for Join2<A, B> {}

pin_project! {
    #[project = Now]
    enum Side<A, B> {
        A { #[pin] future: A },
        B { #[pin] future: B },
    }
}

enum Value<A, B> {
    A(A),
    B(B),
}

impl<A: Future, B: Future> Future for Side<A, B> {
    type Output = Value<A::Output, B::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Now::A { future } => future.poll(cx).map(Value::A),
            Now::B { future } => future.poll(cx).map(Value::B),
        }
    }
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match self.waiting.poll_next_unpin(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Value::A(a))) => self.a = Some(a),
                Poll::Ready(Some(Value::B(b))) => self.b = Some(b),
                Poll::Ready(None) => break,
            }
        }
        let (a, b) = (self.a.take(), self.b.take());
        Poll::Ready((a.expect("polled after the end"), b.expect("polled after the end")))
    }
}
