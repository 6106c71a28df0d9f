//! The rest of the contract: who is woken, what lasts from call to call, when
//! the clock runs, what is taken from the source, and what comes at the end.

use std::fmt::Display;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::batched::batched;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::stream::{self, Stream, StreamExt};
use kit::{
    Log, MockStream, Tally, arriving, blame, counting_waker, mock_stream, ms, no_tasks_left,
    plainly, run, secs, strict_stream,
};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, timeout};

use crate::visible::{WAIT, at_most, come_in_time, handed_out};

const WHO: &str = "The stream of batches";

#[test]
fn the_next_item_wakes_the_task() {
    run(async {
        let (items, mut batches) = by_hand(2);
        first_item(&items, &mut batches).await;
        send(&items, 2);
        yield_now().await;
        let woken = batches.is_woken();
        blame("skipped-registration").because("not-woken", &[("who", &WHO)]).unless(woken);
        let batch = settled(&mut batches).await;
        if batch.is_pending() {
            // Does it wait for one too many, or has it lost one?
            send(&items, 3);
            let full = settled(&mut batches).await == Poll::Ready(Some(vec![1, 2]));
            blame("generator-runs-ahead").unless(!full);
        }
        blame("cancel-loses-partial-read").unless_eq(batch, Poll::Ready(Some(vec![1, 2])));
    });
}

#[test]
fn the_end_of_its_time_wakes_the_task() {
    run(async {
        let (items, mut batches) = by_hand(2);
        first_item(&items, &mut batches).await;
        sleep(WAIT + ms(1)).await;
        comes_now(&items, &mut batches).await;

        // Asked late, when more than one batch is there: each holds what it may.
        let (items, mut batches) = by_hand(2);
        first_item(&items, &mut batches).await;
        sleep(WAIT + ms(1)).await;
        (2..=5).for_each(|item| send(&items, item));
        drop(items);
        let mut all = Vec::new();
        while let Poll::Ready(Some(batch)) = settled(&mut batches).await {
            blame("generator-runs-ahead").unless(batch.len() <= 2);
            all.extend(batch);
        }
        plainly().unless_eq(all, [1, 2, 3, 4, 5]);
    });
}

#[test]
fn calls_that_come_too_early_change_nothing() {
    run(async {
        let (items, mut batches) = by_hand(2);
        first_item(&items, &mut batches).await;
        let mut woken = 0;
        for _ in 0..5 {
            sleep(ms(190)).await;
            // Nothing has happened. Who is up each time is so for nothing.
            woken += usize::from(batches.is_woken());
            let early = settled(&mut batches).await;
            plainly().because("not-pending", &[("who", &WHO)]).unless_eq(early, Poll::Pending);
        }
        let facts: &[(&str, &dyn Display)] = &[("who", &WHO), ("count", &woken)];
        blame("busy-wake").because("woken-early", facts).unless(woken < 5);
        sleep(ms(51)).await;
        comes_now(&items, &mut batches).await;
    });
}

#[test]
fn a_cancelled_next_loses_nothing() {
    run(async {
        let source = arriving(&[100, 500, 900, 2_500], 9_000);
        let mut batches = pin!(batched(source, at_most(10), WAIT));
        let begun = Instant::now();
        for wanted in [(1_100, vec![100, 500, 900]), (3_500, vec![2_500])] {
            let batch = loop {
                // Dropped again and again while the batch is on its way.
                match timeout(ms(130), batches.next()).await {
                    Ok(batch) => break batch.unwrap_or_default(),
                    Err(_) => blame("subfuture-recreated").unless(begun.elapsed() < secs(60)),
                }
            };
            let lost = batch.len() < wanted.1.len() && batch.last() == wanted.1.last();
            blame("cancel-loses-partial-read").unless(!lost);
            come_in_time(&[(begun.elapsed().as_millis() as u64, batch)], &[(wanted.0, &wanted.1)]);
        }
    });
}

#[test]
fn the_latest_task_is_woken() {
    run(async {
        for by_item in [true, false] {
            let (items, source) = unbounded();
            let mut batches = pin!(batched(source, at_most(2), WAIT));
            send(&items, 1);
            let (old_wakes, old) = counting_waker("the first task");
            let (new_wakes, new) = counting_waker("the second task");
            for waker in [&old, &new] {
                // Twice: who goes on in a second call says so by waking itself.
                for _ in 0..2 {
                    let early = batches.as_mut().poll_next(&mut Context::from_waker(waker));
                    plainly().because("not-pending", &[("who", &WHO)]).unless(early.is_pending());
                    yield_now().await;
                }
            }
            let (before_old, before) = (old_wakes.wakes(), new_wakes.wakes());
            if by_item {
                send(&items, 2);
                yield_now().await;
            } else {
                sleep(WAIT + ms(1)).await;
            }
            let (is_old, is_new) = (old_wakes.wakes() > before_old, new_wakes.wakes() > before);
            let stale = blame("stale-waker").because("old-task-woken", &[("who", &WHO)]);
            stale.unless(is_new || !is_old);
            plainly().because("not-woken", &[("who", &WHO)]).unless(is_new);
        }
    });
}

#[test]
fn each_batch_has_a_time_of_its_own() {
    run(async {
        // The first batch fills at once. The second is full when its time is nearly up.
        let moments = [200, 400, 600, 700, 1_300, 1_600, 1_900, 5_000];
        let wanted: [(u64, &[u64]); 4] = [
            (600, &[200, 400, 600]),
            (1_600, &[700, 1_300, 1_600]),
            (2_900, &[1_900]),
            (6_000, &[5_000]),
        ];
        let source = arriving(&moments, 20_000);
        come_in_time(&handed_out(Box::pin(batched(source, at_most(3), WAIT))).await, &wanted);
    });
}

#[test]
fn items_that_keep_coming_do_not_put_a_batch_off() {
    run(async {
        let moments: Vec<u64> = (1..=10).map(|n| n * 400).collect();
        let wanted: [(u64, &[u64]); 4] = [
            (1_400, &[400, 800, 1_200]),
            (2_600, &[1_600, 2_000, 2_400]),
            (3_800, &[2_800, 3_200, 3_600]),
            (4_500, &[4_000]),
        ];
        // At its end the source does not leave the last batch to the clock.
        let source = arriving(&moments, 4_500);
        come_in_time(&handed_out(Box::pin(batched(source, at_most(10), WAIT))).await, &wanted);
    });
}

#[test]
fn a_limit_that_is_never_reached_costs_nothing() {
    run(async {
        let batches = batched(stream::iter(1..=3), NonZeroUsize::MAX, WAIT);
        plainly().unless_eq(batches.collect::<Vec<_>>().await, [[1, 2, 3]]);
    });
}

#[test]
fn it_takes_what_one_batch_can_hold_and_only_when_asked() {
    run(async {
        for max in [3, 1] {
            let taken = Log::new();
            let source = stream::iter(1..=9).inspect(|n| taken.add(format!("took {n}")));
            let mut batches = pin!(batched(source, at_most(max), WAIT));
            sleep(secs(5)).await;
            blame("eager-before-poll").unless_eq(taken.lines().len(), 0);
            for asked in 1..=3 {
                let batch = batches.next().await;
                plainly().unless_eq(batch.map(|batch| batch.len()), Some(max));
                sleep(secs(5)).await;
                blame("generator-runs-ahead").unless_eq(taken.lines().len(), max * asked);
            }
        }
    });
}

#[test]
fn after_the_end_the_source_is_left_alone() {
    run(async {
        for (count, sizes) in [(3, vec![3]), (0, vec![]), (2, vec![2]), (4, vec![3, 1])] {
            let source = strict_stream("The source", 0..count);
            let mut batches = pin!(batched(source, at_most(3), WAIT)); // gate: stream-must-be-pinned
            for size in sizes {
                let batch = batches.next().await;
                plainly().unless_eq(batch.map(|batch| batch.len()), Some(size));
            }
            for had_ended in [false, true, true] {
                let end = AssertUnwindSafe(|| {
                    batches.as_mut().poll_next(&mut Context::from_waker(Waker::noop()))
                });
                let got = match catch_unwind(end) {
                    Ok(Poll::Ready(None)) => continue,
                    Ok(Poll::Ready(Some(batch))) => format!("{batch:?}"),
                    Ok(Poll::Pending) => "Pending".to_owned(),
                    Err(_) => "a panic".to_owned(),
                };
                if had_ended {
                    blame("unfused-stream-repoll")
                        .because("after-the-end", &[("who", &WHO), ("got", &got)])
                        .now();
                }
                plainly()
                    .because("not-ended", &[("who", &WHO)])
                    .because("not-equal", &[("expected", &"None"), ("got", &got)])
                    .now();
            }
        }
    });
}

#[test]
fn size_hint_is_never_wrong() {
    run(async {
        // Two of these fill a batch, and so do the last two; one comes alone.
        let moments = [100, 200, 2_000, 4_000, 4_100, 6_000, 8_000, 8_200];
        // A source may say less than it could. What it says is true.
        let ways: [fn(usize) -> Hint; 4] = [
            |taken| (8 - taken, Some(8 - taken)),
            |taken| (8 - taken, None),
            |_| (0, Some(9)),
            |_| (0, None),
        ];
        for says in ways {
            let source = Hinting { items: arriving(&moments, 9_500), taken: 0, says };
            let mut batches = pin!(batched(source, at_most(2), WAIT));
            let mut hints = Vec::new();
            let mut come = 0;
            loop {
                hints.push((come, batches.size_hint()));
                // While a batch is on its way, too.
                match timeout(ms(150), batches.next()).await {
                    Ok(Some(_)) => come += 1,
                    Ok(None) => break,
                    Err(_) => {}
                }
            }
            hints.push((come, batches.size_hint()));
            plainly().unless_eq(come, 5);
            for (before, hint) in hints {
                true_of(hint, come - before, says(0));
            }
        }
        // A source without end says so in its own way, and so does one that knows
        // nothing. Here one item of it is held.
        let ways: [fn(usize) -> Hint; 2] = [|_| (usize::MAX, None), |_| (0, Some(usize::MAX))];
        for says in ways {
            let (items, source) = unbounded();
            let endless = Hinting { items: Box::pin(source), taken: 0, says };
            let mut endless = pin!(batched(endless, at_most(2), WAIT));
            send(&items, 1);
            plainly().unless_eq(timeout(ms(500), endless.next()).await.is_err(), true);
            let hint = catch_unwind(AssertUnwindSafe(|| endless.size_hint()));
            let got = hint.as_ref().map_or("a panic".to_owned(), |hint| format!("{hint:?}"));
            blame("wrong-size-hint")
                .because("hint-of-endless", &[("got", &got)])
                .unless(hint.is_ok_and(|(_, most)| most.is_none_or(|most| most == usize::MAX)));
        }
    });
}

#[test]
fn a_dropped_stream_takes_all_it_holds_along() {
    run(async {
        let tally = Tally::of("items");
        let items: Vec<_> = (0..5).map(|_| tally.token()).collect();
        let source = stream::iter(items).chain(stream::pending());
        let mut batches = Box::pin(batched(source, at_most(3), WAIT));
        let (wakes, waker) = counting_waker("the task");
        let mut got = 0;
        // A full batch, then one that waits for more.
        for _ in 0..20 {
            match batches.as_mut().poll_next(&mut Context::from_waker(&waker)) {
                Poll::Ready(batch) => got += batch.map_or(0, |batch| batch.len()),
                Poll::Pending => yield_now().await,
            }
        }
        plainly().unless_eq(got, 3);
        tally.should_live(2, "cancel-loses-partial-read");
        drop(batches);
        sleep(ms(1)).await; // an aborted task needs a turn to go
        no_tasks_left("dropped-handle-detaches");
        tally.should_live(0, "dropped-handle-detaches");
        let kept = wakes.wakers() - 1;
        blame("cancelled-timer-leak")
            .because("waker-kept", &[("who", &WHO), ("count", &kept)])
            .unless(kept == 0);
    });
}

type Batches = MockStream<Pin<Box<dyn Stream<Item = Vec<u64>>>>>;

/// Batches of items that the test sends, each when it likes.
fn by_hand(max: usize) -> (UnboundedSender<u64>, Batches) {
    let (items, source) = unbounded();
    (items, mock_stream(WHO, Box::pin(batched(source, at_most(max), WAIT))))
}

fn send(items: &UnboundedSender<u64>, item: u64) {
    plainly().unless_eq(items.unbounded_send(item).is_ok(), true);
}

/// A task asks for a batch, then the batch takes its first item and is not full.
async fn first_item(items: &UnboundedSender<u64>, batches: &mut Batches) {
    let nothing = settled(batches).await;
    plainly().because("not-pending", &[("who", &WHO)]).unless_eq(nothing, Poll::Pending);
    // Without items there is no time that could be up.
    sleep(secs(10)).await;
    let facts: &[(&str, &dyn Display)] = &[("who", &WHO), ("count", &1)];
    blame("timeout-wrong-scope").because("woken-early", facts).unless(!batches.is_woken());
    send(items, 1);
    yield_now().await;
    batches.expect_woken("pending-without-waker");
    let early = settled(batches).await;
    plainly().because("not-pending", &[("who", &WHO)]).unless_eq(early, Poll::Pending);
}

/// One item was taken, and the time of its batch is up: it has to come.
async fn comes_now(items: &UnboundedSender<u64>, batches: &mut Batches) {
    let who: &[(&str, &dyn Display)] = &[("who", &WHO)];
    let woken = batches.is_woken();
    let batch = settled(batches).await;
    if batch.is_ready() {
        // Only this poll has looked at the clock.
        blame("pending-without-waker").because("not-woken", who).unless(woken);
        blame("cancel-loses-partial-read").unless_eq(batch, Poll::Ready(Some(vec![1])));
        return;
    }
    sleep(secs(3_600)).await;
    let again = batches.is_woken();
    send(items, 2);
    let full = settled(batches).await;
    let held = blame("cancel-loses-partial-read");
    held.unless(full != Poll::Pending && full != Poll::Ready(Some(vec![2])));
    if woken && !again {
        let facts: &[(&str, &dyn Display)] = &[("who", &WHO), ("time", &"1 h")];
        blame("std-instant-under-virtual-clock").because("other-clock", facts).now();
    }
    // Did it ask no clock, or a new one each time? Of a time that is up at once
    // a new one knows as well.
    let source: Pin<Box<dyn Stream<Item = u64>>> =
        Box::pin(stream::iter([1]).chain(stream::pending()));
    let mut at_once: Batches =
        mock_stream(WHO, Box::pin(batched(source, at_most(2), Duration::ZERO)));
    if !woken && settled(&mut at_once).await.is_pending() {
        blame("skipped-registration").because("not-woken", who).now();
    }
    blame("subfuture-recreated").because("wait-lost", who).now();
}

/// Polls until it is known what there is. Who takes one item in each call, say,
/// asks for the next call at once, and may.
async fn settled(batches: &mut Batches) -> Poll<Option<Vec<u64>>> {
    match kit::settled(batches, 10).await {
        Some(polled) => polled,
        None => blame("busy-wake").because("woken-in-poll", &[("who", &WHO)]).now(),
    }
}

/// A source that says something of how many items are still to come.
struct Hinting {
    items: Pin<Box<dyn Stream<Item = u64>>>,
    taken: usize,
    says: fn(usize) -> Hint,
}

type Hint = (usize, Option<usize>);

impl Stream for Hinting {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u64>> {
        let item = self.items.as_mut().poll_next(cx);
        self.taken += usize::from(matches!(item, Poll::Ready(Some(_))));
        item
    }

    fn size_hint(&self) -> Hint {
        (self.says)(self.taken)
    }
}

/// What is said of the batches still to come, if the source began by saying this.
fn true_of((least, most): Hint, left: usize, source: Hint) {
    let is_true = least <= left && most.is_none_or(|most| left <= most);
    let got = format!("({least}, {most:?})");
    let who = format!("a source that began with {source:?}");
    blame("wrong-size-hint")
        .because("which-one", &[("who", &who)])
        .because("hint-untrue", &[("left", &left), ("got", &got)])
        .unless(is_true);
}
