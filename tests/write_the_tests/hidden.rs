//! The rest of the contract: other right ones pass, and each fault is refused.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::write_the_tests::{Limiter, Queue, limiter_suite, queue_suite};
use kit::{run_sync, span};
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use crate::visible::{Limits, Line, passes, passes_but_not};

#[test]
fn other_right_limiters_pass() {
    run_sync(|| {
        passes(limiter_suite::<Limits>());
        passes(limiter_suite::<LateLimits>());
        passes(limiter_suite::<Permits>());
    });
}

#[test]
fn other_right_queues_pass() {
    run_sync(|| {
        passes(queue_suite::<Line>());
        passes(queue_suite::<LateLine>());
        passes(queue_suite::<Channel>());
    });
}

/// What is wrong with a [`TriedLimiter`] or a [`TriedQueue`].
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    OneMore,
    OneLess,
    SpacedOut,
    NeverAgain,
    FixedWindow,
    OneByOne,
    MakesUp,
    LatestFirst,
    SpentByWhoLeaves,
    PopNotWoken,
    PushNotWoken,
    FirstWakerKept,
    LostWithPop,
    PutInByWhoLeaves,
    OpenAfterClose,
    EmptyAfterClose,
    CloseNotHeardByPop,
    CloseNotHeardByPush,
    NoEndForLatecomers,
}

thread_local! {
    /// What will be wrong with the next ones. Not a part of their type, so that a suite
    /// is compiled for one faulty type, and not for a dozen.
    static FAULT: Cell<Fault> = const { Cell::new(Fault::None) };
}

/// The suite cannot tell by the type whether there is a fault.
fn limiter_with(fault: Fault) {
    passes_but_not(
        having(Fault::None, limiter_suite::<TriedLimiter>()),
        having(fault, limiter_suite::<TriedLimiter>()),
    );
}

fn queue_with(fault: Fault) {
    passes_but_not(
        having(Fault::None, queue_suite::<TriedQueue>()),
        having(fault, queue_suite::<TriedQueue>()),
    );
}

async fn having(fault: Fault, suite: impl Future<Output = ()>) {
    FAULT.set(fault);
    suite.await;
}

#[test]
fn a_limiter_that_lets_one_more_through_is_refused() {
    run_sync(|| limiter_with(Fault::OneMore));
}

#[test]
fn a_limiter_that_spaces_out_the_first_ones_is_refused() {
    run_sync(|| limiter_with(Fault::SpacedOut));
}

#[test]
fn a_limiter_that_never_opens_again_is_refused() {
    run_sync(|| limiter_with(Fault::NeverAgain));
}

#[test]
fn a_limiter_with_fixed_windows_is_refused() {
    run_sync(|| limiter_with(Fault::FixedWindow));
}

#[test]
fn a_limiter_that_is_too_slow_is_refused() {
    run_sync(|| limiter_with(Fault::OneByOne));
}

#[test]
fn a_limiter_that_makes_up_for_a_pause_is_refused() {
    run_sync(|| limiter_with(Fault::MakesUp));
}

#[test]
fn a_limiter_that_serves_the_latest_first_is_refused() {
    run_sync(|| limiter_with(Fault::LatestFirst));
}

#[test]
fn a_limiter_that_counts_who_has_left_is_refused() {
    run_sync(|| limiter_with(Fault::SpentByWhoLeaves));
}

#[test]
fn a_queue_with_room_for_one_more_is_refused() {
    run_sync(|| queue_with(Fault::OneMore));
}

#[test]
fn a_queue_with_room_for_one_less_is_refused() {
    run_sync(|| queue_with(Fault::OneLess));
}

#[test]
fn a_queue_that_does_not_wake_pop_is_refused() {
    run_sync(|| queue_with(Fault::PopNotWoken));
}

#[test]
fn a_queue_that_does_not_wake_push_is_refused() {
    run_sync(|| queue_with(Fault::PushNotWoken));
}

#[test]
fn a_queue_that_wakes_a_former_task_is_refused() {
    run_sync(|| queue_with(Fault::FirstWakerKept));
}

#[test]
fn a_queue_that_loses_an_item_with_a_dropped_pop_is_refused() {
    run_sync(|| queue_with(Fault::LostWithPop));
}

#[test]
fn a_queue_that_keeps_the_item_of_a_dropped_push_is_refused() {
    run_sync(|| queue_with(Fault::PutInByWhoLeaves));
}

#[test]
fn a_queue_that_stays_open_is_refused() {
    run_sync(|| queue_with(Fault::OpenAfterClose));
}

#[test]
fn a_queue_that_is_empty_once_it_is_closed_is_refused() {
    run_sync(|| queue_with(Fault::EmptyAfterClose));
}

#[test]
fn a_queue_that_does_not_tell_pop_of_its_end_is_refused() {
    run_sync(|| queue_with(Fault::CloseNotHeardByPop));
}

#[test]
fn a_queue_that_does_not_tell_push_of_its_end_is_refused() {
    run_sync(|| queue_with(Fault::CloseNotHeardByPush));
}

#[test]
fn a_queue_that_has_no_end_for_who_asks_later_is_refused() {
    run_sync(|| queue_with(Fault::NoEndForLatecomers));
}

/// A limiter that says Pending once before it looks who has gone. In line it stands from
/// the first poll on, as who asked first goes first.
struct LateLimits {
    line: tokio::sync::Mutex<()>,
    limits: Limits,
}

impl Limiter for LateLimits {
    fn new(n: usize, per: Duration) -> Self {
        LateLimits { line: Default::default(), limits: Limits::new(n, per) }
    }

    async fn acquire(&self) {
        let _next = self.line.lock().await;
        yield_now().await;
        self.limits.acquire().await;
    }
}

/// A queue that says Pending once before it begins.
struct LateLine(Line);

impl Queue for LateLine {
    fn new(room: usize) -> Self {
        LateLine(Line::new(room))
    }

    async fn push(&self, item: u32) -> Result<(), u32> {
        yield_now().await;
        self.0.push(item).await
    }

    async fn pop(&self) -> Option<u32> {
        yield_now().await;
        self.0.pop().await
    }

    fn close(&self) {
        self.0.close();
    }
}

/// A limiter with permits, and a task for each that brings it back.
struct Permits {
    permits: Arc<Semaphore>,
    per: Duration,
}

impl Limiter for Permits {
    fn new(n: usize, per: Duration) -> Self {
        Permits { permits: Arc::new(Semaphore::new(n)), per }
    }

    async fn acquire(&self) {
        self.permits.acquire().await.expect("never closed").forget();
        let (permits, back) = (self.permits.clone(), Instant::now() + self.per);
        tokio::spawn(async move {
            sleep_until(back).await;
            permits.add_permits(1);
        });
    }
}

/// A queue that is a channel. Nobody keeps it for themselves while they wait, as a pop that
/// is not polled any more must not hold up another one.
struct Channel {
    sender: mpsc::Sender<u32>,
    receiver: Mutex<mpsc::Receiver<u32>>,
    /// Whether it is closed. It is sent with every change.
    closed: watch::Sender<bool>,
}

impl Channel {
    async fn until<T>(&self, attempt: impl Fn(bool) -> Option<T>) -> T {
        let mut closed = self.closed.subscribe();
        loop {
            let is_closed = *closed.borrow_and_update();
            if let Some(done) = attempt(is_closed) {
                self.closed.send_modify(|_| ());
                return done;
            }
            closed.changed().await.expect("the sender is here");
        }
    }
}

impl Queue for Channel {
    fn new(room: usize) -> Self {
        let (sender, receiver) = mpsc::channel(room);
        Channel { sender, receiver: Mutex::new(receiver), closed: watch::Sender::new(false) }
    }

    async fn push(&self, item: u32) -> Result<(), u32> {
        self.until(|closed| match closed {
            true => Some(Err(item)),
            false => self.sender.try_send(item).is_ok().then_some(Ok(())),
        })
        .await
    }

    async fn pop(&self) -> Option<u32> {
        self.until(|closed| {
            let item = self.receiver.lock().unwrap().try_recv().ok();
            (closed || item.is_some()).then_some(item)
        })
        .await
    }

    fn close(&self) {
        self.closed.send_replace(true);
    }
}

/// A limiter that has the fault, if there is one.
struct TriedLimiter {
    fault: Fault,
    n: usize,
    per: Duration,
    start: Instant,
    gone: tokio::sync::Mutex<VecDeque<Instant>>,
    /// For those who are served latest first.
    waiting: Mutex<Vec<Arc<()>>>,
    left: Notify,
}

impl Limiter for TriedLimiter {
    fn new(n: usize, per: Duration) -> Self {
        let fault = FAULT.get();
        TriedLimiter {
            fault,
            n: n + usize::from(fault == Fault::OneMore),
            per,
            start: Instant::now(),
            gone: Default::default(),
            waiting: Default::default(),
            left: Notify::new(),
        }
    }

    async fn acquire(&self) {
        let _span = span("acquire");
        if self.fault == Fault::LatestFirst {
            return self.when_nobody_came_later().await;
        }
        let mut gone = self.gone.lock().await;
        if self.fault == Fault::FixedWindow {
            return self.in_this_window(&mut gone).await;
        }
        if let Some(last) = gone.back().filter(|_| self.fault == Fault::SpacedOut) {
            sleep_until(*last + self.per / self.n as u32).await;
        }
        if gone.len() == self.n {
            let first = gone[0] + self.per;
            match self.fault {
                Fault::NeverAgain => pending().await,
                Fault::OneByOne => sleep_until(gone[self.n - 1] + self.per).await,
                // Who goes after a pause counts as gone when it could have been.
                Fault::MakesUp => {
                    sleep_until(first).await;
                    gone.pop_front();
                    return gone.push_back(first);
                }
                Fault::SpentByWhoLeaves => {
                    gone.pop_front();
                    gone.push_back(first);
                    drop(gone);
                    return sleep_until(first).await;
                }
                _ => sleep_until(first).await,
            }
            gone.pop_front();
        }
        gone.push_back(Instant::now());
    }
}

impl TriedLimiter {
    /// So many in the first `per`, so many in the second one, and so on.
    async fn in_this_window(&self, gone: &mut VecDeque<Instant>) {
        let windows = |time: Instant| (time - self.start).as_nanos() / self.per.as_nanos();
        let window = windows(Instant::now());
        gone.retain(|time| windows(*time) == window);
        if gone.len() == self.n {
            sleep_until(self.start + self.per * (window as u32 + 1)).await;
            gone.clear();
        }
        gone.push_back(Instant::now());
    }

    async fn when_nobody_came_later(&self) {
        let me = Arc::new(());
        let is_me = |other: &Arc<()>| Arc::ptr_eq(other, &me);
        self.waiting.lock().unwrap().push(me.clone());
        loop {
            let left = self.left.notified();
            if self.waiting.lock().unwrap().last().is_some_and(is_me) {
                let mut gone = self.gone.lock().await;
                gone.retain(|time| *time + self.per > Instant::now());
                let Some(first) = gone.front().filter(|_| gone.len() == self.n) else {
                    gone.push_back(Instant::now());
                    self.waiting.lock().unwrap().retain(|other| !is_me(other));
                    self.left.notify_waiters();
                    return;
                };
                let free = *first + self.per;
                drop(gone);
                sleep_until(free).await;
                yield_now().await;
            } else {
                left.await;
            }
        }
    }
}

/// A queue that has the fault, if there is one.
struct TriedQueue {
    fault: Fault,
    room: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    items: VecDeque<u32>,
    closed: bool,
    poppers: Waiting,
    pushers: Waiting,
}

/// Who waits, by a mark of their own.
#[derive(Default)]
struct Waiting(Vec<(Arc<()>, Waker)>);

impl Waiting {
    fn wait(&mut self, who: &Arc<()>, cx: &Context<'_>, keep_first: bool) {
        match self.0.iter_mut().find(|(other, _)| Arc::ptr_eq(other, who)) {
            Some(_) if keep_first => {}
            Some((_, waker)) => waker.clone_from(cx.waker()),
            None => self.0.push((who.clone(), cx.waker().clone())),
        }
    }

    fn wake_all(&mut self) {
        self.0.drain(..).for_each(|(_, waker)| waker.wake());
    }
}

impl Queue for TriedQueue {
    fn new(room: usize) -> Self {
        let fault = FAULT.get();
        let room = match fault {
            Fault::OneMore => room + 1,
            Fault::OneLess => room - 1,
            _ => room,
        };
        TriedQueue { fault, room, held: Mutex::default() }
    }

    async fn push(&self, item: u32) -> Result<(), u32> {
        let _span = span(format!("push {item}"));
        let who = Arc::new(());
        let mut leaves = PutsIn { queue: self, item: None };
        poll_fn(|cx| {
            let mut held = self.held.lock().unwrap();
            leaves.item = None;
            if held.closed && self.fault != Fault::OpenAfterClose {
                return Poll::Ready(Err(item));
            }
            if held.items.len() < self.room {
                held.items.push_back(item);
                if self.fault != Fault::PopNotWoken {
                    held.poppers.wake_all();
                }
                return Poll::Ready(Ok(()));
            }
            held.pushers.wait(&who, cx, false);
            leaves.item = (self.fault == Fault::PutInByWhoLeaves).then_some(item);
            Poll::Pending
        })
        .await
    }

    async fn pop(&self) -> Option<u32> {
        let _span = span("pop");
        let who = Arc::new(());
        let mut waits = self.fault != Fault::NoEndForLatecomers;
        let got = poll_fn(|cx| {
            let mut held = self.held.lock().unwrap();
            if let Some(item) = held.items.pop_front() {
                if self.fault != Fault::PushNotWoken {
                    held.pushers.wake_all();
                }
                return Poll::Ready(Some(item));
            }
            if held.closed {
                return if waits { Poll::Ready(None) } else { Poll::Pending };
            }
            waits = true;
            held.poppers.wait(&who, cx, self.fault == Fault::FirstWakerKept);
            Poll::Pending
        })
        .await;
        if self.fault == Fault::LostWithPop {
            yield_now().await;
        }
        got
    }

    fn close(&self) {
        let mut held = self.held.lock().unwrap();
        held.closed = true;
        if self.fault == Fault::EmptyAfterClose {
            held.items.clear();
        }
        if self.fault != Fault::CloseNotHeardByPop {
            held.poppers.wake_all();
        }
        if self.fault != Fault::CloseNotHeardByPush {
            held.pushers.wake_all();
        }
    }
}

/// Puts in the item of a push that is dropped.
struct PutsIn<'a> {
    queue: &'a TriedQueue,
    item: Option<u32>,
}

impl Drop for PutsIn<'_> {
    fn drop(&mut self) {
        if let Some(item) = self.item {
            let mut held = self.queue.held.lock().unwrap();
            held.items.push_back(item);
            held.poppers.wake_all();
        }
    }
}
