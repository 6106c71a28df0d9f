//! `futures` has a name for a future that may be done: `MaybeDone`.

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
        let a = this.a.as_mut().poll(cx).is_pending();
        let b = this.b.as_mut().poll(cx).is_pending();
        if a || b {
            return Poll::Pending;
        }
        let a = this.a.take_output().expect("done, and not taken yet");
        let b = this.b.take_output().expect("done, and not taken yet");
        Poll::Ready((a, b))
    }
}
