//! The rest of the contract: how many at once, when an item is taken, who goes
//! on while others wait, and what is left behind.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::time::Duration;

use exercise::consume::{for_each_limited, map_ordered};
use futures::stream::{self, Stream, StreamExt};
use kit::{
    Log, Tally, arriving, blame, ms, no_tasks_left, plainly, run, secs, strict_stream, sweep, timed,
};
use tokio::time::{Instant, sleep, timeout};

use crate::visible::at_most;

#[test]
fn no_more_are_worked_on_than_allowed() {
    run(async {
        for limit in [3, 2] {
            for ordered in [true, false] {
                let work = Tally::of("items being worked on");
                let ((), time) = timed(at_work(numbers(6), &work, limit, ordered)).await;
                blame("unbounded-fanout").unless(work.peak() <= limit);
                blame("sequential-awaits").unless(work.peak() > 1);
                plainly().unless_eq((work.made(), work.peak()), (6, limit));
                // All take as long, so it makes no difference who waits for whom.
                plainly().unless_eq(time, ms(600) / limit as u32);
            }
        }
    });
}

#[test]
fn one_at_a_time_is_a_limit_too_and_so_is_none() {
    run(async {
        for (limit, wanted) in [(usize::MAX, 100), (1, 300)] {
            for ordered in [true, false] {
                let work = Tally::of("items being worked on");
                let all = timeout(secs(3_600), at_work(numbers(3), &work, limit, ordered));
                let (in_time, time) = timed(all).await;
                // Nothing could begin, or nobody has noticed that something was done.
                let none = work.made() == 0;
                let hang = if none { "buffered-zero-hang" } else { "pending-without-waker" };
                blame(hang).because("deadline", &[("limit", &"1 h")]).unless(in_time.is_ok());
                plainly().unless_eq((work.made(), time), (3, ms(wanted)));
            }
        }
    });
}

#[test]
fn an_item_is_taken_when_there_is_room_for_it() {
    run(async {
        let (taken, done, too_many) = (Cell::new(0_usize), Cell::new(0), Cell::new(0));
        let (begun, at_once) = (Cell::new(0_usize), Cell::new(0));
        let one = async |_| {
            begun.set(begun.get() + 1);
            at_once.set(at_once.get().max(begun.get() - done.get()));
            sleep(ms(100)).await;
            done.set(done.get() + 1);
        };
        let source = || {
            numbers(8).inspect(|_| {
                taken.set(taken.get() + 1);
                let waiting = taken.get().saturating_sub(done.get() + 2);
                too_many.set(too_many.get().max(waiting));
            })
        };
        drop(map_ordered(source(), at_most(2), one));
        drop(for_each_limited(source(), at_most(2), one));
        blame("eager-before-poll").unless_eq((taken.get(), done.get()), (0, 0));
        for ordered in [true, false] {
            taken.set(0);
            begun.set(0);
            done.set(0);
            either(ordered, source(), 2, one).await;
            plainly().unless_eq(done.get(), 8);
            // More than two at work, all eight taken at the start, or some of them held
            // until there is room?
            blame("unbounded-fanout").unless(at_once.get() <= 2 && too_many.get() < 6);
            blame("generator-runs-ahead").unless(too_many.get() == 0);
        }
    });
}

#[test]
fn work_goes_on_while_the_source_is_slow() {
    run(async {
        // One item, then nothing for ten seconds.
        for ordered in [true, false] {
            let (begun, done) = work_on(&[0, 10_000], ms(1_000), ordered).await;
            blame("inner-futures-starve").unless(begun[0] == 0 && done[0] == 1_000);
            plainly().unless_eq((begun, done), (vec![0, 10_000], vec![1_000, 11_000]));
            // No more items come, and all of them are at work, step by step.
            let in_steps = async |_| {
                for _ in 0..5 {
                    sleep(ms(100)).await;
                }
            };
            let ((), time) = timed(either(ordered, numbers(3), 4, in_steps)).await;
            blame("inner-futures-starve").unless(time == ms(500));
        }
    });
}

#[test]
fn an_item_begins_while_another_is_at_work() {
    run(async {
        for ordered in [true, false] {
            let (begun, done) = work_on(&[0, 1_000], ms(5_000), ordered).await;
            blame("inner-futures-starve").unless(begun[0] == 0);
            if begun[1] > 1_000 {
                // Did it not hear of the second item, or take it in turn on purpose?
                let work = Tally::of("items being worked on");
                at_work(numbers(2), &work, 2, ordered).await;
                let in_turn = work.peak() < 2;
                blame(if in_turn { "sequential-awaits" } else { "skipped-registration" }).now();
            }
            // One is done, and the other waits for what the source does next.
            blame("inner-futures-starve").unless(done[0] != 5_000 || done[1] <= 6_000);
            plainly().unless_eq((begun, done), (vec![0, 1_000], vec![5_000, 6_000]));
        }
    });
}

#[test]
fn a_slow_item_does_not_change_the_order() {
    run(async {
        // Nothing is promised of an item, or of a result.
        struct Nap(u64);
        let work = async |nap: Nap| {
            sleep(ms(nap.0)).await;
            nap
        };
        let times = [500, 100, 300, 200, 400, 100];
        let results = map_ordered(stream::iter(times.map(Nap)), at_most(2), work).await;
        let results: Vec<u64> = results.into_iter().map(|nap| nap.0).collect();
        blame("result-order-mixup").unless_eq(results, times);
    });
}

#[test]
fn any_stream_will_do_and_its_end_is_the_end() {
    run(async {
        for count in [0, 1, 5] {
            let names: Vec<String> = (0..count).map(|n| format!("item {n}")).collect();
            let log = Log::new();
            let source = strict_stream("The source", &names);
            let seen = source.watch();
            // The end comes while there is still work, and must be remembered.
            let one = async |name: &String| {
                sleep(ms(100)).await;
                log.add(name.as_str());
            };
            for_each_limited(source, at_most(2), one).await; // gate: stream-must-be-pinned
            // Who is done at the same moment may say so in any order.
            let mut lines = log.lines();
            lines.sort();
            plainly().unless_eq((seen.is_done(), lines), (true, names.clone()));

            let source = strict_stream("The source", &names);
            let one = async |name: &String| {
                sleep(ms(100)).await;
                name.len()
            };
            let results = map_ordered(source, at_most(2), one).await; // gate: stream-must-be-pinned
            plainly().unless_eq(results, vec!["item 0".len(); count]);
        }
    });
}

#[test]
fn whoever_drops_it_ends_all_the_work() {
    run(async {
        for ordered in [true, false] {
            sweep(async |cut| {
                let work = Tally::of("items being worked on");
                let done = cut.run(at_work(numbers(4), &work, 3, ordered)).await;
                plainly().unless(done.is_none() || work.made() == 4);
                sleep(ms(1)).await; // an aborted task needs a turn to go
                no_tasks_left("dropped-handle-detaches");
                work.should_live(0, "dropped-handle-detaches");
            })
            .await;
        }
    });
}

type Source = Pin<Box<dyn Stream<Item = u64>>>;

fn numbers(count: u64) -> Source {
    Box::pin(stream::iter(0..count))
}

/// One of the two functions.
async fn either(
    ordered: bool,
    source: impl Stream<Item = u64>,
    limit: usize,
    one: impl AsyncFn(u64),
) {
    match ordered {
        true => _ = map_ordered(source, at_most(limit), one).await,
        false => for_each_limited(source, at_most(limit), one).await,
    }
}

/// One of them with a tally, which knows the items that are being worked on; each
/// takes a tenth of a second.
async fn at_work(source: Source, work: &Tally, limit: usize, ordered: bool) {
    let one = async |_| {
        let _at_work = work.token();
        sleep(ms(100)).await;
    };
    either(ordered, source, limit, one).await;
}

/// One of them with two items, which come at these moments and may be worked on at
/// once: when each was begun, and when it was done, in milliseconds.
async fn work_on(moments: &[u64; 2], time: Duration, ordered: bool) -> (Vec<u64>, Vec<u64>) {
    let start = Instant::now();
    let (begun, done) = (RefCell::new(vec![]), RefCell::new(vec![]));
    let note =
        |list: &RefCell<Vec<u64>>| list.borrow_mut().push(start.elapsed().as_millis() as u64);
    let one = async |_| {
        note(&begun);
        sleep(time).await;
        note(&done);
    };
    either(ordered, arriving(moments, 20_000), 2, one).await;
    plainly().unless_eq((begun.borrow().len(), done.borrow().len()), (2, 2));
    (begun.into_inner(), done.into_inner())
}
