//! gather starts its coroutines at the call. A poll in join2 does the same.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    let (mut a, mut b) = (Box::pin(a), Box::pin(b));
    let mut cx = Context::from_waker(Waker::noop());
    let a_value = match a.as_mut().poll(&mut cx) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    };
    let b_value = match b.as_mut().poll(&mut cx) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    };
    Join2 { a, b, a_value, b_value }
}

pub struct Join2<A: Future, B: Future> {
    a: Pin<Box<A>>,
    b: Pin<Box<B>>,
    a_value: Option<A::Output>,
    b_value: Option<B::Output>,
}

impl<A: Future, B: Future> Unpin for Join2<A, B> {}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if this.a_value.is_none()
            && let Poll::Ready(value) = this.a.as_mut().poll(cx)
        {
            this.a_value = Some(value);
        }
        if this.b_value.is_none()
            && let Poll::Ready(value) = this.b.as_mut().poll(cx)
        {
            this.b_value = Some(value);
        }
        if this.a_value.is_none() || this.b_value.is_none() {
            return Poll::Pending;
        }
        Poll::Ready((this.a_value.take().unwrap(), this.b_value.take().unwrap()))
    }
}
