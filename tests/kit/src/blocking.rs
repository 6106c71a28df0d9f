//! Work that must not run inside `poll`.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::blame;

thread_local!(static IN_POLL: Cell<bool> = const { Cell::new(false) });

/// Marks `future`: while one of its polls is running, [`off_executor`] fails.
pub fn no_block<F: Future>(future: F) -> NoBlock<F> {
    NoBlock { future }
}

/// Fails the test when called from inside a poll of a [`no_block`] future. Put
/// it into the heavy function that an answer should hand to another thread.
#[track_caller]
pub fn off_executor(what: &str, pitfall: &str) {
    blame(pitfall).because("on-executor", &[("what", &what)]).unless(!IN_POLL.get());
}

pin_project! {
    /// A future inside which nothing heavy may run; see [`no_block`].
    pub struct NoBlock<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for NoBlock<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        struct Restore(bool);
        impl Drop for Restore {
            fn drop(&mut self) {
                IN_POLL.set(self.0);
            }
        }
        let _restore = Restore(IN_POLL.replace(true));
        self.project().future.poll(cx)
    }
}
