//! A main future that keeps an event loop awake.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker, ready};

use crate::alarm::{EarlyWake, early_wake};
use crate::{blame, plainly, start_over};

/// Rounds of the loop in which nobody wakes the body. A wake that is still to
/// come needs a few.
const MOST_ROUNDS: usize = 1_000;

/// Polls of one body. The longest needs some hundreds.
const MOST_POLLS: usize = 5_000;

/// Polls of the main future before a task that was spawned first has begun.
/// None, if it is the first to be polled; more, if the loop likes main better.
const MOST_BEFORE_FIRST: usize = 10;

/// Two futures for an event loop under test: the first is to be spawned, then
/// the loop's `block_on` gets the second, which runs `body`.
///
/// `body` is polled whenever its waker was called, and never otherwise. But the
/// main future itself is due in every round of the loop. So the loop does not
/// sleep, and a wait that nobody ends is told after 1,000 rounds, without a
/// clock. (Who waits for other threads has no use for this.)
///
/// Before `body` begins, two things are known of the loop: it hears of wakes that
/// come during a poll (`wake-lost-before-park`), and a task whose turn it is gets
/// it, although main is always there again.
///
/// ```no_run
/// # use kit::awake;
/// # struct Loop;
/// # impl Loop {
/// #     fn spawn(&self, _: impl Future<Output = ()>) {}
/// #     fn block_on(&self, _: impl Future<Output = ()>) {}
/// # }
/// fn drive(on: &Loop, body: impl Future<Output = ()> + 'static) {
///     let (first, main) = awake(body);
///     on.spawn(first);
///     on.block_on(main);
/// }
/// ```
pub fn awake(body: impl Future<Output = ()> + 'static) -> (FirstTask, AwakeMain) {
    // Erased here, so that a loop is compiled once for all mains.
    awake_boxed(Box::pin(body))
}

type Body = Pin<Box<dyn Future<Output = ()>>>;

fn awake_boxed(body: Body) -> (FirstTask, AwakeMain) {
    let woken = Arc::new(Flag(AtomicBool::new(true)));
    let first = Arc::new(AtomicBool::new(false));
    let main = AwakeMain {
        early: Some(early_wake("main")),
        waker: Waker::from(woken.clone()),
        woken,
        body,
        first: first.clone(),
        before_first: 0,
        idle: 0,
        polls: 0,
    };
    (FirstTask(first), main)
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

/// The task that is to be spawned before; see [`awake`]. Ready at its first poll.
#[derive(Debug)]
pub struct FirstTask(Arc<AtomicBool>);

impl Future for FirstTask {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0.store(true, SeqCst);
        Poll::Ready(())
    }
}

/// The main future that never lets the loop sleep; see [`awake`].
pub struct AwakeMain {
    early: Option<EarlyWake>,
    body: Body,
    woken: Arc<Flag>,
    waker: Waker,
    first: Arc<AtomicBool>,
    before_first: usize,
    idle: usize,
    polls: usize,
}

impl Future for AwakeMain {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if let Some(early) = &mut this.early {
            ready!(Pin::new(early).poll(cx));
            this.early = None;
            start_over();
        }
        if !this.first.load(SeqCst) {
            this.before_first += 1;
            plainly()
                .because("out-of-turn", &[("count", &this.before_first)])
                .unless(this.before_first < MOST_BEFORE_FIRST);
        } else if this.woken.0.swap(false, SeqCst) {
            (this.idle, this.polls) = (0, this.polls + 1);
            blame("busy-wake")
                .because("poll-cap", &[("count", &MOST_POLLS)])
                .unless(this.polls < MOST_POLLS);
            let mut cx = Context::from_waker(&this.waker);
            if this.body.as_mut().poll(&mut cx).is_ready() {
                return Poll::Ready(());
            }
        } else {
            this.idle += 1;
            plainly()
                .because("rounds-gone", &[("count", &this.idle)])
                .unless(this.idle < MOST_ROUNDS);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
