//! The rest of the contract: when a wait begins, who is woken, what is left,
//! what comes after the end, and what `process` takes.

use std::marker::PhantomPinned;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::data_stream::{DataStream, process};
use futures::{FutureExt, Stream, StreamExt};
use kit::{
    Log, Tally, WakeCount, blame, by_hand, counting_waker, due, mock_stream, ms, no_tasks_left,
    plainly, run, secs, settled, strict_stream, sweep, timed, took,
};
use tokio::time::{sleep, timeout};

const EVERY: Duration = ms(500);

#[test]
fn the_wait_for_an_item_begins_when_it_is_asked_for() {
    run(async {
        // Asked at once for the next item, too: it has a wait of its own.
        let mut busy = mock_stream("The stream", DataStream::new(vec![1, 2], EVERY));
        plainly().unless_eq(due(&mut busy, EVERY).await, 1);
        busy.expect_pending("repoll-after-ready");
        // A thread that sleeps in its place is not seen by the clock.
        let mut first = pin!(DataStream::new(vec![1], EVERY));
        let (_, time) = timed(first.next()).await;
        blame("std-instant-under-virtual-clock")
            .because("waited-outside", &[])
            .unless(!time.is_zero());

        let mut idle = pin!(DataStream::new(vec![1, 2], EVERY));
        for (item, early) in [(1, "eager-before-poll"), (2, "generator-runs-ahead")] {
            sleep(secs(10)).await;
            let (got, time) = timed(idle.next()).await;
            plainly().unless_eq(got, Some(item));
            if time < EVERY {
                took(time).faster_means(early).should_be(EVERY);
            }
            plainly().unless_eq(time, EVERY);
        }
    });
}

#[test]
fn polls_that_come_too_early_change_nothing() {
    run(async {
        let who = "The stream";
        let stream = || mock_stream(who, DataStream::new(vec!["a", "b"], EVERY));
        // First two polls for an item; what fails here is not due to early ones.
        due(&mut stream(), EVERY).await;
        let mut stream = stream();
        for _ in 0..5 {
            let early = stream.poll_next().is_ready();
            plainly().because("not-pending", &[("who", &who)]).unless(!early);
            sleep(ms(100)).await;
        }
        sleep(ms(1)).await;
        let item = stream.poll_next();
        blame("subfuture-recreated").because("wait-lost", &[("who", &who)]).unless(item.is_ready());

        // The ticks share a task with `process`, so each of them polls it too.
        let log = Log::new();
        let ticks = async {
            loop {
                sleep(ms(70)).await;
            }
        };
        // At moments at which none of those who look now and then would look.
        let every = ms(303);
        let work = process(DataStream::new(vec!["a", "b", "c", "d"], every), &log);
        let both = async {
            tokio::select! { () = work => {}, () = ticks => {} }
        };
        let (_, time) = timed(timeout(secs(60), both)).await;
        plainly().unless_eq(time, 4 * (every + ms(200)));
    });
}

#[test]
fn a_cancelled_next_loses_neither_the_item_nor_the_wait() {
    run(async {
        let who = "The item";
        due(&mut mock_stream(who, DataStream::new(vec!["a", "b"], EVERY)), EVERY).await;
        // The wait belongs to the stream. A `next()` that is dropped only stops asking.
        let mut stream = pin!(DataStream::new(vec!["a", "b"], EVERY));
        for wanted in ["a", "b"] {
            let early = timeout(ms(300), stream.next()).await;
            plainly().because("not-pending", &[("who", &who)]).unless(early.is_err());
            let (item, time) = timed(timeout(secs(60), stream.next())).await;
            let again = item.is_err() || time == EVERY;
            blame("subfuture-recreated").because("wait-lost", &[("who", &who)]).unless(!again);
            plainly().unless_eq((item, time), (Ok(Some(wanted)), ms(200)));
        }
    });
}

#[test]
fn the_waker_of_the_latest_poll_is_woken() {
    run(async {
        due(&mut mock_stream("The stream", DataStream::new(vec!["a", "b"], EVERY)), EVERY).await;
        let (old_wakes, old) = counting_waker("the first task");
        let (new_wakes, new) = counting_waker("the second task");
        let mut stream = pin!(DataStream::new(vec!["a", "b"], EVERY));
        for waker in [&old, &new] {
            let early = ask(stream.as_mut(), waker).is_ready();
            plainly().because("not-pending", &[("who", &"The item")]).unless(!early);
            sleep(ms(100)).await;
        }
        // Half a second after the first question, not after the second one.
        sleep(ms(301)).await;
        let told = new_wakes.wakes() > 0;
        blame("stale-waker")
            .because("old-task-woken", &[("who", &"The stream")])
            .unless(told || old_wakes.wakes() == 0);
        blame("subfuture-recreated").because("wait-lost", &[("who", &"The stream")]).unless(told);
        plainly().unless_eq(ask(stream.as_mut(), &new), Poll::Ready(Some("a")));

        // The next item is asked for by another task than the one before it.
        let (old_wakes, old) = counting_waker("the task of the first item");
        let (new_wakes, new) = counting_waker("the task of the second item");
        let mut stream = pin!(DataStream::new(vec!["a", "b"], EVERY));
        asked(stream.as_mut(), (&old_wakes, &old)).await;
        sleep(ms(501)).await;
        plainly().unless_eq(ask(stream.as_mut(), &old), Poll::Ready(Some("a")));
        asked(stream.as_mut(), (&new_wakes, &new)).await;
        sleep(ms(501)).await;
        blame("stale-waker")
            .because("old-task-woken", &[("who", &"The stream")])
            .unless(new_wakes.wakes() > 0);
        plainly().unless_eq(ask(stream.as_mut(), &new), Poll::Ready(Some("b")));
    });
}

/// Asks for an item as an executor does: again only if the task was woken for it.
async fn asked<S: Stream>(mut stream: Pin<&mut S>, task: (&WakeCount, &Waker)) {
    let next = pin!(stream.next());
    let Some(early) = settled(&mut by_hand(next, task), 10).await else {
        blame("busy-wake").because("poll-cap", &[("count", &10)]).now()
    };
    plainly().because("not-pending", &[("who", &"The item")]).unless(early.is_pending());
}

#[test]
fn after_the_last_item_it_is_none_for_ever() {
    run(async {
        for items in [vec![], vec!["a"], vec!["a", "b"]] {
            let count = items.len();
            let mut stream = pin!(DataStream::new(items, EVERY));
            let seen = stream.as_mut().take(count).count().await;
            plainly().unless_eq(seen, count);
            let (end, late) = timed(timeout(secs(60), stream.next())).await;
            if end.is_err() {
                // "Nothing there" is the end, too. Who is to wake the task?
                let (wakes, waker) = counting_waker("the task");
                let kept = ask(stream.as_mut(), &waker).is_ready() || wakes.wakers() > 1;
                let check = if kept { plainly() } else { blame("pending-without-waker") };
                check.because("not-ended", &[("who", &"The stream")]).now();
            }
            plainly().unless_eq(end, Ok(None));
            for _ in 0..3 {
                // Also a panic is an answer that nobody should get here.
                let again = AssertUnwindSafe(|| ask(stream.as_mut(), Waker::noop()));
                let got = match catch_unwind(again) {
                    Ok(Poll::Ready(None)) => continue,
                    Ok(Poll::Ready(Some(_))) => "an item",
                    Ok(Poll::Pending) => "Pending",
                    Err(_) => "a panic",
                };
                blame("unfused-stream-repoll")
                    .because("after-the-end", &[("who", &"The stream"), ("got", &got)])
                    .now();
            }
            plainly().unless_eq(late, Duration::ZERO);
        }
    });
}

#[test]
fn a_wait_of_nothing_is_over_at_once() {
    run(async {
        let stream = DataStream::new(vec!["a", "b"], Duration::ZERO);
        let (all, time) = timed(stream.collect::<Vec<_>>()).await;
        plainly().unless_eq((all, time), (vec!["a", "b"], Duration::ZERO));
    });
}

#[test]
fn size_hint_counts_what_is_still_to_come() {
    run(async {
        let mut stream = pin!(DataStream::new(vec!["a", "b", "c"], EVERY));
        let _ = stream.size_hint(); // not written yet? Then its `todo!` says so.
        first_comes().await; // who loses it has less left than the test thinks
        for left in [3, 2, 1] {
            expect_hint(&stream, left);
            // An item on its way is still to come.
            let early = timeout(ms(100), stream.next()).await.is_ok();
            plainly().because("not-pending", &[("who", &"The item")]).unless(!early);
            expect_hint(&stream, left);
            plainly().unless_eq(stream.next().await.is_some(), true);
        }
        expect_hint(&stream, 0);
        plainly().unless_eq(stream.next().await, None);
        expect_hint(&stream, 0);
    });
}

#[test]
fn a_dropped_stream_takes_its_timer_and_its_items_along() {
    run(async {
        first_comes().await;
        let items = Tally::of("items");
        let mut stream = Box::pin(DataStream::new((0..3).map(|_| items.token()).collect(), EVERY));
        let first = stream.next().await;
        plainly().unless_eq(first.is_some(), true);
        drop(first);
        items.should_live(2, "dropped-handle-detaches");

        let (wakes, waker) = counting_waker("the task");
        let early = ask(stream.as_mut(), &waker).is_ready();
        plainly().because("not-pending", &[("who", &"The item")]).unless(!early);
        drop(stream);
        sleep(ms(1)).await; // an aborted task needs a turn to go
        no_tasks_left("dropped-handle-detaches");
        items.should_live(0, "dropped-handle-detaches");
        let kept = wakes.wakers() - 1;
        blame("cancelled-timer-leak")
            .because("waker-kept", &[("who", &"The stream"), ("count", &kept)])
            .unless(kept == 0);
    });
}

#[test]
fn process_takes_any_stream_and_stops_at_its_end() {
    run(async {
        let log = Log::new();
        let pages = strict_stream("The stream", ["page 1", "page 2", "page 3"]);
        let seen = pages.watch();
        process(pages, &log).await; // gate: stream-must-be-pinned
        let wanted = ["processing page 1", "processing page 2", "processing page 3", "done"];
        plainly().unless_eq(log.lines(), wanted);
        plainly().because("not-ended", &[("who", &"The stream")]).unless(seen.is_done());
        plainly().unless_eq(log.instants(), [0, 200, 400, 600].map(ms));

        // Who takes its time is not at its end.
        let log = Log::new();
        process(futures::stream::once(sleep(secs(7_200)).map(|()| "late")), &log).await;
        plainly().unless_eq(log.lines(), ["processing late", "done"]);

        let log = Log::new();
        let ((), time) = timed(process(strict_stream("The stream", Vec::<u8>::new()), &log)).await;
        plainly().unless_eq((log.lines(), time), (vec!["done".to_owned()], Duration::ZERO));
    });
}

#[test]
fn process_asks_for_the_next_item_only_when_it_is_done_with_this_one() {
    run(async {
        let log = Log::new();
        let asked = Log::new();
        let pages = || {
            let three = futures::stream::iter(1..=3);
            three.inspect(|n| asked.add(format!("asked for {n}"))) // gate: borrow-into-spawn
        };
        drop(process(pages(), &log));
        blame("eager-before-poll").unless_eq([log.lines(), asked.lines()].concat().len(), 0);
        let ((), time) = timed(process(pages(), &log)).await;
        let asked = asked.instants();
        // One alone, so that work that is too short is not taken for two at once.
        let ((), alone) = timed(process(futures::stream::iter([1]), &Log::new())).await;
        plainly().unless_eq(alone, ms(200));
        // Two at one moment: to work on both, or to have the second one ready?
        let at_once = !time.is_zero() && asked.windows(2).any(|two| two[0] == two[1]);
        let check = match at_once {
            true if time < ms(600) => blame("unbounded-fanout"),
            true => blame("generator-runs-ahead"),
            false => plainly(),
        };
        check.unless_eq(asked, [0, 200, 400].map(ms));
    });
}

#[test]
fn a_dropped_process_leaves_nothing_running() {
    run(async {
        sweep(async |cut| {
            let log = Log::new();
            let done = cut.run(process(DataStream::new(vec!["a", "b"], EVERY), &log)).await;
            let lines = log.lines();
            sleep(ms(1)).await; // an aborted task needs a turn to go
            no_tasks_left("dropped-handle-detaches");
            sleep(secs(10)).await;
            blame("dropped-handle-detaches").unless_eq(log.lines(), lines);
            match done {
                Some(()) => {
                    plainly().unless_eq(log.lines(), ["processing a", "processing b", "done"])
                }
                // What was dropped has not come to its end.
                None => plainly().unless(!log.lines().contains(&"done".to_owned())),
            }
        })
        .await;
    });
}

/// Not Unpin.
struct Heavy(u8, PhantomPinned);

#[test]
fn items_may_be_of_any_kind() {
    run(async {
        let heavy = vec![Heavy(1, PhantomPinned), Heavy(2, PhantomPinned)];
        let mut stream = pin!(DataStream::new(heavy, EVERY)); // gate: stream-must-be-pinned
        plainly().unless_eq(stream.next().await.map(|item| item.0), Some(1));

        // Neither Send nor 'static.
        let (log, items) = (Log::new(), [1, 2].map(Rc::new));
        process(futures::stream::iter(&items), &log).await; // gate: borrow-into-spawn
        plainly().unless_eq(log.lines(), ["processing 1", "processing 2", "done"]);
    });
}

/// The first item is the first to come. Where it is lost, no later check can
/// say what is wrong.
async fn first_comes() {
    let mut stream = mock_stream("The stream", DataStream::new(vec!["a", "b"], EVERY));
    plainly().unless_eq(due(&mut stream, EVERY).await, "a");
}

/// One poll with this waker.
fn ask<S: Stream>(stream: Pin<&mut S>, waker: &Waker) -> Poll<Option<S::Item>> {
    stream.poll_next(&mut Context::from_waker(waker))
}

#[track_caller]
fn expect_hint(stream: &impl Stream, left: usize) {
    // A panic is a wrong answer, too.
    let hint = catch_unwind(AssertUnwindSafe(|| stream.size_hint())).ok();
    let got = hint.map_or("a panic".to_owned(), |hint| format!("{hint:?}"));
    blame("wrong-size-hint")
        .because("hint-differs", &[("left", &left), ("got", &got)])
        .unless(hint == Some((left, Some(left))));
}
