//! An item that is due: each way to miss it has a name of its own.

mod common;

use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use common::{fact, pitfall};
use futures::stream::{self, Stream, StreamExt};
use kit::{capture, due, mock_stream, ms, run, secs};
use record::Record;
use tokio::task::yield_now;
use tokio::time::{Instant, Sleep, sleep};

/// What is told of a stream whose items should take a second each.
fn told<S: Stream<Item = u8>>(stream: impl FnOnce() -> S) -> Record {
    capture(|| {
        run(async {
            let mut stream = mock_stream("it", stream());
            assert_eq!(due(&mut stream, secs(1)).await, 0);
        });
    })
}

/// A stream whose `poll_next` is this closure.
fn by_hand(
    poll: impl FnMut(&mut Context<'_>) -> Poll<Option<u8>> + Unpin,
) -> impl Stream<Item = u8> {
    stream::poll_fn(poll)
}

#[test]
fn a_right_stream_hands_out_its_item_with_or_without_a_task() {
    let timer = || stream::iter([0, 1]).then(async |n| (sleep(secs(1)).await, n).1);
    let task = || {
        stream::iter([0, 1]).then(|n| async move {
            tokio::spawn(sleep(secs(1))).await.expect("a sleep does not panic");
            n
        })
    };
    assert_eq!(told(timer).diagnosis, None);
    assert_eq!(told(task).diagnosis, None);
}

#[test]
fn a_stream_may_let_others_go_first() {
    // Tokio's own word for it, and a wake inside the poll.
    let polite = || {
        stream::iter([0, 1]).then(async |n| {
            yield_now().await;
            sleep(secs(1)).await;
            yield_now().await;
            n
        })
    };
    assert_eq!(told(polite).diagnosis, None);
    let mut timer = None;
    let by_itself = || {
        let mut asked = 0;
        by_hand(move |cx| {
            asked += 1;
            let sleeps = timer.get_or_insert_with(|| Box::pin(sleep(secs(1))));
            if asked % 2 == 1 {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            ready!(sleeps.as_mut().poll(cx));
            timer = None;
            Poll::Ready(Some(0))
        })
    };
    assert_eq!(told(by_itself).diagnosis, None);
}

#[test]
fn too_early_is_blocked_or_not_awaited_or_neither() {
    let asleep = || by_hand(|_| (std::thread::sleep(secs(1)), Poll::Ready(Some(0))).1);
    assert_eq!(pitfall(&told(asleep)), Some("blocking-sleep"));
    assert_eq!(pitfall(&told(|| stream::iter([0, 1]))), Some("lazy-never-awaited"));
    let item_first = || stream::iter([0]).chain(stream::pending());
    assert_eq!((pitfall(&told(item_first)), fact(&told(item_first))), (None, "not-pending"));
    assert_eq!(fact(&told(stream::empty)), "none-too-early");
}

#[test]
fn the_second_item_may_be_there_too_early_as_well() {
    let record = capture(|| {
        run(async {
            let first = stream::once(async { (sleep(secs(1)).await, 0).1 });
            let mut stream = mock_stream("it", first.chain(stream::iter([1, 2])));
            assert_eq!(due(&mut stream, secs(1)).await, 0);
            due(&mut stream, secs(1)).await;
        });
    });
    assert_eq!(pitfall(&record), Some("generator-runs-ahead"));
}

#[test]
fn nobody_wakes_it() {
    let mut since: Option<Instant> = None;
    let deaf = by_hand(move |_| {
        let since = *since.get_or_insert_with(Instant::now);
        if since.elapsed() < secs(1) { Poll::Pending } else { Poll::Ready(Some(0)) }
    });
    assert_eq!(pitfall(&told(|| deaf)), Some("pending-without-waker"));
}

#[test]
fn its_wait_begins_anew() {
    let dropped = || by_hand(|cx| pin!(sleep(secs(1))).as_mut().poll_once(cx).map(|()| Some(0)));
    assert_eq!(pitfall(&told(dropped)), Some("subfuture-recreated"));

    let mut kept: Option<Pin<Box<Sleep>>> = None;
    let replaced = by_hand(move |cx| {
        kept.insert(Box::pin(sleep(secs(1)))).as_mut().poll_once(cx).map(|()| Some(0))
    });
    assert_eq!(pitfall(&told(|| replaced)), Some("subfuture-recreated"));
}

#[test]
fn it_goes_by_another_clock() {
    let mut rung = None;
    let thread = by_hand(move |cx| {
        let waker = cx.waker().clone();
        // Does not end before the test has: the clock of the test is virtual.
        rung.get_or_insert_with(|| {
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_secs(2));
                waker.wake();
            })
        });
        Poll::Pending
    });
    assert_eq!(pitfall(&told(|| thread)), Some("std-instant-under-virtual-clock"));

    let start = std::time::Instant::now();
    let spins = by_hand(move |cx| {
        if start.elapsed() < secs(60) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(0))
    });
    assert_eq!(pitfall(&told(|| spins)), Some("busy-wake"));

    let mut timer: Option<Pin<Box<Sleep>>> = None;
    let doubts = by_hand(move |cx| {
        let woken = timer.get_or_insert_with(|| Box::pin(sleep(secs(1)))).as_mut().poll_once(cx);
        if start.elapsed() < secs(60) { Poll::Pending } else { woken.map(|()| Some(0)) }
    });
    assert_eq!(pitfall(&told(|| doubts)), Some("std-instant-under-virtual-clock"));
}

#[test]
fn it_stops_one_step_before_its_end() {
    let mut timer: Option<Pin<Box<Sleep>>> = None;
    let mut over = false;
    let stepwise = by_hand(move |cx| {
        let timer = timer.get_or_insert_with(|| Box::pin(sleep(secs(1))));
        if over {
            return Poll::Ready(Some(0));
        }
        over = timer.as_mut().poll_once(cx).is_ready();
        Poll::Pending
    });
    assert_eq!(pitfall(&told(|| stepwise)), Some("pending-without-waker"));
}

#[test]
fn one_millisecond_of_slack_is_all() {
    let late = || stream::iter([0]).then(async |n| (sleep(ms(1_002)).await, n).1);
    assert_eq!((pitfall(&told(late)), fact(&told(late))), (None, "not-ready"));
}

/// `Future::poll`, by a name that reads well in a closure.
trait PollOnce {
    fn poll_once(self, cx: &mut Context<'_>) -> Poll<()>;
}

impl PollOnce for Pin<&mut Sleep> {
    fn poll_once(self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll(cx)
    }
}
