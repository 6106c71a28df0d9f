//! Polling by hand, with a waker that tells whether it was woken.

use std::future::Future;
use std::task::Poll;

use futures::Stream;
use record::Kind;
use tokio_test::task::{Spawn, spawn};

use crate::{blame, recorder};

/// A task around `future` that the test itself polls.
pub fn mock<F: Future>(label: &str, future: F) -> Mock<F> {
    Mock { task: spawn(future), label: label.to_owned(), polls: 0, done: false }
}

/// A future in a task of its own; see [`mock`].
#[derive(Debug)]
pub struct Mock<F> {
    task: Spawn<F>,
    label: String,
    polls: usize,
    done: bool,
}

impl<F: Future> Mock<F> {
    /// Polls once.
    pub fn poll(&mut self) -> Poll<F::Output> {
        self.polls += 1;
        let result = recorded(&self.label, || self.task.poll());
        self.done = result.is_ready();
        result
    }

    /// Polls once and fails the test unless the future is pending.
    #[track_caller]
    pub fn expect_pending(&mut self, pitfall: &str) {
        let ready = self.poll().is_ready();
        blame(pitfall).because("not-pending", &[("who", &self.label)]).unless(!ready);
    }

    /// Polls once and fails the test unless the future is ready.
    #[track_caller]
    pub fn expect_ready(&mut self, pitfall: &str) -> F::Output {
        match self.poll() {
            Poll::Ready(output) => output,
            Poll::Pending => {
                blame(pitfall).because("not-ready", &[("who", &self.label)]).now();
            }
        }
    }

    /// How often it was polled.
    pub fn polls(&self) -> usize {
        self.polls
    }
}

/// A task around `stream` that the test itself polls.
pub fn mock_stream<S: Stream>(label: &str, stream: S) -> MockStream<S> {
    MockStream { task: spawn(stream), label: label.to_owned(), polls: 0 }
}

/// A stream in a task of its own; see [`mock_stream`].
#[derive(Debug)]
pub struct MockStream<S> {
    task: Spawn<S>,
    label: String,
    polls: usize,
}

impl<S: Stream> MockStream<S> {
    /// Polls for the next item, once.
    pub fn poll_next(&mut self) -> Poll<Option<S::Item>> {
        self.polls += 1;
        recorded(&self.label, || self.task.poll_next())
    }

    /// Polls once and fails the test unless the stream is pending.
    #[track_caller]
    pub fn expect_pending(&mut self, pitfall: &str) {
        let ready = self.poll_next().is_ready();
        blame(pitfall).because("not-pending", &[("who", &self.label)]).unless(!ready);
    }

    /// Polls once and fails the test unless there is an item.
    #[track_caller]
    pub fn expect_item(&mut self, pitfall: &str) -> S::Item {
        match self.poll_next() {
            Poll::Ready(Some(item)) => item,
            Poll::Ready(None) => {
                blame(pitfall).because("ended-early", &[("who", &self.label)]).now();
            }
            Poll::Pending => {
                blame(pitfall).because("not-ready", &[("who", &self.label)]).now();
            }
        }
    }

    /// Polls once and fails the test unless the stream is at its end.
    #[track_caller]
    pub fn expect_end(&mut self, pitfall: &str) {
        let ended = matches!(self.poll_next(), Poll::Ready(None));
        blame(pitfall).because("not-ended", &[("who", &self.label)]).unless(ended);
    }

    /// The stream's own `size_hint`.
    pub fn size_hint(&self) -> (usize, Option<usize>) {
        self.task.size_hint()
    }

    /// How often it was polled.
    pub fn polls(&self) -> usize {
        self.polls
    }
}

/// What both kinds of mock can tell of their waker.
macro_rules! tells_of_its_waker {
    ($mock:ident) => {
        impl<T> $mock<T> {
            /// The name that the diagnoses give it.
            pub fn label(&self) -> &str {
                &self.label
            }

            /// Whether the task was woken since its last poll.
            pub fn is_woken(&self) -> bool {
                self.task.is_woken()
            }

            /// How many clones of its waker others hold.
            pub fn wakers(&self) -> usize {
                self.task.waker_ref_count().saturating_sub(1)
            }

            /// Fails the test unless the task was woken since its last poll.
            #[track_caller]
            pub fn expect_woken(&self, pitfall: &str) {
                blame(pitfall)
                    .because("not-woken", &[("who", &self.label)])
                    .unless(self.is_woken());
                recorder::event(&self.label, Kind::Woken);
            }

            /// Fails the test if the task was woken since its last poll.
            #[track_caller]
            pub fn expect_not_woken(&self, pitfall: &str) {
                blame(pitfall)
                    .because("woken-early", &[("who", &self.label), ("count", &1)])
                    .unless(!self.is_woken());
            }
        }
    };
}

tells_of_its_waker!(Mock);
tells_of_its_waker!(MockStream);

fn recorded<T>(label: &str, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
    recorder::event(label, Kind::Polled);
    let result = poll();
    recorder::event(label, if result.is_ready() { Kind::Ready } else { Kind::Pending });
    result
}
