//! What every learner sees: each generator alone, the reader alone, and all together.

use std::num::NonZeroUsize;

use exercise::batches::{batches_macro, batches_unfold, process_in_batches};
use futures::Stream;
use kit::{Log, MockStream, blame, due, mock_stream, ms, plainly, run, secs, timed, took};

const THREE: NonZeroUsize = NonZeroUsize::new(3).unwrap();

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
        five_batches(mock_stream("batches_unfold", batches_unfold(15, THREE, Log::new()))).await;
    });
}

#[test]
fn macro_gives_a_batch_a_second_after_it_was_asked_for() {
    run(async {
        five_batches(mock_stream("batches_macro", batches_macro(15, THREE, Log::new()))).await;
    });
}

#[test]
fn processing_takes_a_tenth_of_a_second_an_item() {
    run(async {
        // Nobody has to wait for these batches: what takes time is the work.
        let batches = futures::stream::iter(vec![vec![1, 2, 3]; 5]);
        let (counts, time) = timed(process_in_batches(batches)).await;
        blame("unbounded-fanout").unless(time != ms(500)); // the items of a batch at once
        if time.is_zero() {
            took(time).should_be(ms(1_500)); // not awaited, or the thread slept
        }
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
