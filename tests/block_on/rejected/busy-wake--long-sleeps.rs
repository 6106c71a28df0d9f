//! Spinning is bad, so sleep for a good while between two polls.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    let mut fut = pin!(fut);
    loop {
        match fut.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::sleep(Duration::from_millis(400)),
        }
    }
}
