//! Take the side out of its place, ask it, put back what is left of it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 { a: Side::Waiting(a), b: Side::Waiting(b) }
}

pub struct Join2<A: Future, B: Future> {
    a: Side<A>,
    b: Side<B>,
}

enum Side<F: Future> {
    Waiting(F),
    Done(F::Output),
    Taken,
}

impl<F: Future> Side<F> {
    fn ask(self, cx: &mut Context<'_>) -> Self {
        match self {
            Side::Waiting(future) => match std::pin::pin!(future).poll(cx) {
                Poll::Ready(value) => Side::Done(value),
                Poll::Pending => Side::Taken,
            },
            other => other,
        }
    }
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.a = std::mem::replace(&mut self.a, Side::Taken).ask(cx);
        self.b = std::mem::replace(&mut self.b, Side::Taken).ask(cx);
        match (&self.a, &self.b) {
            (Side::Done(_), Side::Done(_)) => {}
            _ => return Poll::Pending,
        }
        let a = std::mem::replace(&mut self.a, Side::Taken);
        let b = std::mem::replace(&mut self.b, Side::Taken);
        match (a, b) {
            (Side::Done(a), Side::Done(b)) => Poll::Ready((a, b)),
            _ => unreachable!(),
        }
    }
}
