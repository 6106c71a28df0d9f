//! What every learner sees: each generator alone, the reader alone, and all together.

use std::fmt::Display;
use std::num::NonZeroUsize;
use std::pin::{Pin, pin};

use exercise::batches::{batches_macro, batches_unfold, process_in_batches};
use futures::{Stream, StreamExt, poll};
use kit::{
    Log, MockStream, blame, due, mock_stream, ms, no_tasks_left, plainly, run, secs, timed, took,
};
use tokio::task::coop::{consume_budget, has_budget_remaining};
use tokio::time::timeout;

const THREE: NonZeroUsize = NonZeroUsize::new(3).unwrap();

/// For the first batch the server is asked for that batch, and for no other.
async fn one_is_enough(log: &Log, mut batches: Pin<Box<dyn Stream<Item = Vec<u32>>>>) {
    let _ = timeout(secs(60), batches.next()).await;
    let lines = log.lines();
    let fetched = lines.iter().filter(|line| line.starts_with("fetch ")).count();
    let answered = lines.iter().any(|line| line.starts_with("got "));
    blame("generator-runs-ahead").unless(!answered || fetched <= 1);
}

/// Five batches, each a second after it was asked for.
async fn five_batches<S: Stream<Item = Vec<u32>>>(mut batches: MockStream<S>) {
    for first in [1, 4, 7, 10, 13] {
        let batch = due(&mut batches, secs(1)).await;
        plainly().unless_eq(batch, [first, first + 1, first + 2]);
    }
}

#[test]
fn unfold_gives_a_batch_a_second_after_it_was_asked_for() {
    run(async {
        let log = Log::new();
        one_is_enough(&log, Box::pin(batches_unfold(15, THREE, log.clone()))).await;
        five_batches(mock_stream("batches_unfold", batches_unfold(15, THREE, Log::new()))).await;
    });
}

#[test]
fn macro_gives_a_batch_a_second_after_it_was_asked_for() {
    run(async {
        let log = Log::new();
        one_is_enough(&log, Box::pin(batches_macro(15, THREE, log.clone()))).await;
        five_batches(mock_stream("batches_macro", batches_macro(15, THREE, Log::new()))).await;
    });
}

#[test]
fn processing_takes_a_tenth_of_a_second_an_item() {
    run(async {
        // Nobody has to wait for these batches: what takes time is the work.
        let batches = futures::stream::iter(vec![vec![1, 2, 3]; 5]);
        let mut work = pin!(process_in_batches(batches));
        if poll!(work.as_mut()).is_ready() {
            no_tasks_left("dropped-handle-detaches"); // somebody else works on them
            // A timer was awaited, and was over at once, as the first tick of an
            // interval is? Timers say "not now" to a task that has had its share.
            while has_budget_remaining() {
                consume_budget().await;
            }
            let again = poll!(pin!(process_in_batches(futures::stream::iter([vec![1]]))));
            let times: [(&str, &dyn Display); 2] = [("took", &"0s"), ("expected", &"1.5s")];
            plainly().because("took-too-little", &times).unless(again.is_ready());
            took(ms(0)).should_be(ms(1_500)); // not awaited, or the thread slept
        }
        let (counts, time) = timed(work).await;
        // The items of a batch at once, the batches at once, or all of it. A
        // wait for each batch takes as long: it shows where there is no item.
        let nothing = futures::stream::iter([vec![]]);
        let (_, idle) = timed(process_in_batches(nothing)).await;
        plainly().unless_eq(idle, ms(0));
        let few = time.is_zero() || counts != (5, 15);
        blame("unbounded-fanout").unless(few || time > ms(500));
        let unseen = counts == (5, 15) && time.is_zero();
        blame("std-instant-under-virtual-clock").because("waited-outside", &[]).unless(!unseen);
        plainly().unless_eq((counts, time), ((5, 15), ms(1_500)));
    });
}

#[test]
fn five_batches_of_three_take_six_and_a_half_seconds() {
    run(async {
        let batches = batches_unfold(15, THREE, Log::new());
        let (counts, time) = timed(process_in_batches(batches)).await;
        plainly().unless_eq((counts, time), ((5, 15), ms(6_500)));

        let batches = batches_macro(15, THREE, Log::new());
        let (counts, time) = timed(process_in_batches(batches)).await;
        plainly().unless_eq((counts, time), ((5, 15), ms(6_500)));
    });
}
