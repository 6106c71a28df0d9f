//! `futures` has it already, under another name.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::future::{Join, join};
use pin_project_lite::pin_project;

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 { inner: join(a, b) }
}

pin_project! {
    pub struct Join2<A: Future, B: Future> {
        #[pin]
        inner: Join<A, B>,
    }
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().inner.poll(cx)
    }
}
