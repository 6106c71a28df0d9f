//! Results, their order, and the time that it takes.

use std::num::NonZeroUsize;

use exercise::consume::{for_each_limited, map_ordered};
use futures::stream;
use kit::{Log, blame, ms, no_tasks_left, plainly, run, timed, took};
use tokio::time::sleep;

#[test]
fn results_come_in_the_order_of_the_items() {
    run(async {
        // The later an item, the sooner it is done.
        let items = stream::iter([400, 300, 200, 100]);
        let work = async |time: u64| {
            sleep(ms(time)).await;
            time / 100
        };
        let (results, time) = timed(map_ordered(items, at_most(4), work)).await;
        no_tasks_left("dropped-handle-detaches");
        if time >= ms(1_000) {
            took(time).should_be(ms(400));
        }
        plainly().unless_eq(time, ms(400));
        let mut sorted = results.clone();
        sorted.sort_by(|a, b| b.cmp(a));
        plainly().unless_eq(&sorted, &vec![4, 3, 2, 1]);
        blame("result-order-mixup").unless_eq(&results, &vec![4, 3, 2, 1]);
    });
}

#[test]
fn two_at_once_and_the_next_as_soon_as_one_is_done() {
    run(async {
        let log = Log::new();
        let work = async |time: u64| {
            sleep(ms(time)).await;
            log.add(format!("{time} ms of work done"));
        };
        // 1000 | 300, 500, 150: then both are done with what they have.
        let items = stream::iter([1_000, 300, 500, 150]);
        let ((), time) = timed(for_each_limited(items, at_most(2), work)).await;
        no_tasks_left("dropped-handle-detaches");
        plainly().unless_eq(log.lines().len(), 4);
        blame("unbounded-fanout").unless(log.instants()[0] != ms(150));
        if time >= ms(1_950) {
            took(time).should_be(ms(1_000));
        }
        plainly().unless_eq(log.instants(), [300, 800, 950, 1_000].map(ms));
    });
}

pub fn at_most(items: usize) -> NonZeroUsize {
    NonZeroUsize::new(items).expect("more than none")
}
