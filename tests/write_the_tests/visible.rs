//! What every learner sees: a right limiter, a right queue, and a faulty one of each.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use exercise::write_the_tests::{Limiter, Queue, limiter_suite, queue_suite};
use futures::FutureExt;
use kit::{
    blame, capture, drive, in_time, jumps, paused_runtime, plainly, run, run_sync, secs, span,
};
use tokio::sync::{Mutex, Notify};
use tokio::time::{Instant, sleep_until};

#[test]
fn a_limiter_without_a_limit_is_refused() {
    run_sync(|| passes_but_not(limiter_suite::<Limits>(), limiter_suite::<NoLimit>()));
}

#[test]
fn a_stack_is_refused() {
    run_sync(|| passes_but_not(queue_suite::<Line>(), queue_suite::<Stack>()));
}

/// The suite passes with what is right. With what is faulty it panics, or waits for ever.
pub fn passes_but_not(right: impl Future<Output = ()>, faulty: impl Future<Output = ()>) {
    let record = capture(|| run(faulty));
    passes(right);
    let refused = record.panic.is_some() || record.diagnosis.is_some();
    blame("vacuous-async-test").because("suite-passes", &[]).unless(refused);
}

/// The suite passes. If it panics, so does this.
pub fn passes(suite: impl Future<Output = ()>) {
    drive(&paused_runtime(), async {
        let jumps = jumps();
        let suite = AssertUnwindSafe(suite).catch_unwind();
        let ended = in_time(secs(24 * 3_600), suite).await;
        plainly().because("deadline", &[("limit", &"24h")]).unless(ended.is_some());
        if let Some(Err(panic)) = ended {
            blame("advance-for-timeouts").unless(!jumps.seen());
            resume_unwind(panic);
        }
    });
}

/// A limiter that is right: it knows when the last `n` have gone. The lock is held by the
/// one who is next.
pub struct Limits {
    n: usize,
    per: Duration,
    gone: Mutex<VecDeque<Instant>>,
}

impl Limiter for Limits {
    fn new(n: usize, per: Duration) -> Self {
        Limits { n, per, gone: Mutex::default() }
    }

    async fn acquire(&self) {
        let _span = span("acquire");
        let mut gone = self.gone.lock().await;
        if gone.len() == self.n {
            sleep_until(gone[0] + self.per).await;
            gone.pop_front();
        }
        gone.push_back(Instant::now());
    }
}

/// A limiter that lets everybody through.
struct NoLimit;

impl Limiter for NoLimit {
    fn new(_: usize, _: Duration) -> Self {
        NoLimit
    }

    async fn acquire(&self) {
        let _span = span("acquire");
    }
}

/// A queue that is right: whoever changes something wakes all who wait, and they look
/// again.
pub struct Line {
    room: usize,
    held: std::sync::Mutex<Held>,
    changed: Notify,
}

#[derive(Default)]
struct Held {
    items: VecDeque<u32>,
    closed: bool,
}

impl Line {
    async fn until<T>(&self, mut attempt: impl FnMut(&mut Held) -> Option<T>) -> T {
        loop {
            let changed = self.changed.notified();
            let done = attempt(&mut self.held.lock().unwrap());
            if let Some(done) = done {
                self.changed.notify_waiters();
                return done;
            }
            changed.await;
        }
    }

    async fn take(&self, take: impl Fn(&mut VecDeque<u32>) -> Option<u32>) -> Option<u32> {
        let _span = span("pop");
        self.until(|held| match take(&mut held.items) {
            None if !held.closed => None,
            taken => Some(taken),
        })
        .await
    }
}

impl Queue for Line {
    fn new(room: usize) -> Self {
        Line { room, held: Default::default(), changed: Notify::new() }
    }

    async fn push(&self, item: u32) -> Result<(), u32> {
        let _span = span(format!("push {item}"));
        self.until(|held| {
            if held.closed {
                return Some(Err(item));
            }
            (held.items.len() < self.room).then(|| {
                held.items.push_back(item);
                Ok(())
            })
        })
        .await
    }

    async fn pop(&self) -> Option<u32> {
        self.take(VecDeque::pop_front).await
    }

    fn close(&self) {
        self.held.lock().unwrap().closed = true;
        self.changed.notify_waiters();
    }
}

/// A queue from which the last item comes first.
struct Stack(Line);

impl Queue for Stack {
    fn new(room: usize) -> Self {
        Stack(Line::new(room))
    }

    async fn push(&self, item: u32) -> Result<(), u32> {
        self.0.push(item).await
    }

    async fn pop(&self) -> Option<u32> {
        self.0.take(VecDeque::pop_back).await
    }

    fn close(&self) {
        self.0.close();
    }
}
