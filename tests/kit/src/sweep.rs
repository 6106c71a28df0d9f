//! Dropping a future at every point where it waits.

use std::future::{Future, poll_fn};
use std::task::Poll;

use record::{Fact, Kind};

use crate::{plainly, recorder, start_over};

/// More polls than this no future of an exercise needs.
const MOST: usize = 200;

/// Runs `body` again and again; each time its [`Cut`] drops the future that is
/// given to it one poll later, until that future completes.
///
/// `body` sets up afresh, calls [`Cut::run`] once, and checks what is left.
///
/// ```no_run
/// # use kit::*;
/// # async fn refresh(_: &Log) {}
/// run(async {
///     sweep(async |cut| {
///         let log = Log::new();
///         cut.run(refresh(&log)).await;
///         blame("cancel-tears-state").unless(log.lines().len() != 1);
///     })
///     .await;
/// });
/// ```
pub async fn sweep(mut body: impl AsyncFnMut(&mut Cut)) {
    for polls in 0..=MOST {
        // The picture is of the round that fails, not of all before it.
        start_over();
        let mut cut = Cut { polls, completed: false, used: false };
        body(&mut cut).await;
        set_context(Vec::new());
        assert!(cut.used, "the body of a sweep must call Cut::run");
        if cut.completed {
            return;
        }
    }
    plainly().because("poll-cap", &[("count", &MOST)]).now();
}

/// Where the future of this round will be cut; see [`sweep`].
#[derive(Debug)]
pub struct Cut {
    polls: usize,
    completed: bool,
    used: bool,
}

impl Cut {
    /// Drives `future` for as many polls as this round allows, then drops it.
    /// None if it was dropped before it completed.
    pub async fn run<F: Future>(&mut self, future: F) -> Option<F::Output> {
        self.used = true;
        let mut future = Some(Box::pin(future));
        let mut left = self.polls;
        let output = poll_fn(|cx| {
            if let (Some(pinned), true) = (future.as_mut(), left > 0) {
                left -= 1;
                if let Poll::Ready(output) = pinned.as_mut().poll(cx) {
                    return Poll::Ready(Some(output));
                }
            }
            if left == 0 { Poll::Ready(None) } else { Poll::Pending }
        })
        .await;
        drop(future.take());
        self.completed = output.is_some();
        if !self.completed {
            recorder::event("future", Kind::Cancelled);
            set_context(vec![Fact::new("cancelled-after").with("polls", self.polls)]);
        }
        output
    }

    /// After how many polls this round drops the future.
    pub fn polls(&self) -> usize {
        self.polls
    }
}

fn set_context(facts: Vec<Fact>) {
    if let Some(recorder) = recorder::current() {
        recorder.set_context(facts);
    }
}
