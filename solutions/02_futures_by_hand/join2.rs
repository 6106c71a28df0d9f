//! join2: the reference answer.
//!
//! A side is one of three things: a future that waits, a value that waits, or
//! nothing any more. An enum says which, so no side can be asked once too often.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

/// Waits for `a` and `b` at once and gives both values, in this order.
///
/// The call polls nothing. Neither the two futures nor their values need be
/// `Unpin`, `Send`, `Clone` or `'static`.
pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    Join2 { a: Side::Waiting { future: a }, b: Side::Waiting { future: b } }
}

pin_project! {
    /// The future that [`join2`] returns. It owns both sides: what is in it is
    /// dropped with it, a side that still waits and a value that waits for the other.
    #[must_use = "a future does nothing until it is awaited"]
    pub struct Join2<A: Future, B: Future> {
        #[pin]
        a: Side<A>,
        #[pin]
        b: Side<B>,
    }
}

pin_project! {
    /// One of the two futures, from its first poll until its value is handed out.
    #[project = Now]
    #[project_replace = Before]
    enum Side<F: Future> {
        /// It may not move: it has been polled, or will be.
        Waiting { #[pin] future: F },
        /// Its value. That one may move, so it needs no `#[pin]`.
        Done { value: F::Output },
        /// The value was handed out.
        Taken,
    }
}

impl<F: Future> Side<F> {
    /// Asks the future, if it still waits. Whether it is done.
    fn is_done(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        if let Now::Waiting { future } = self.as_mut().project() {
            // Our `cx`, not one of our own: what it waits for will wake our task.
            match future.poll(cx) {
                // `set` drops the future where it is, and puts the value there.
                Poll::Ready(value) => self.set(Side::Done { value }),
                Poll::Pending => return false,
            }
        }
        true
    }

    /// Takes the value out.
    fn take(self: Pin<&mut Self>) -> F::Output {
        match self.project_replace(Side::Taken) {
            Before::Done { value } => value,
            _ => panic!("a Join2 was polled after it was Ready"),
        }
    }
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    /// Asks every side that is not done yet, and none that is. `Ready` in the
    /// very poll in which the last of them is.
    ///
    /// After `Pending`, a side that can go on wakes the task that polled last, and
    /// no other. Nobody is polled over and over in the meantime.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // Two statements. `is_done(a) && is_done(b)` would not ask b while a
        // waits, and `ready!` would not either: then nobody listens to b.
        let a_done = this.a.as_mut().is_done(cx);
        let b_done = this.b.as_mut().is_done(cx);
        if a_done && b_done { Poll::Ready((this.a.take(), this.b.take())) } else { Poll::Pending }
    }
}
