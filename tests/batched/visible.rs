//! What a batch holds, and when it comes.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::time::Duration;

use exercise::batched::batched;
use futures::stream::{self, Stream, StreamExt};
use kit::{arriving, blame, plainly, run, secs, timed};
use tokio::time::Instant;

pub const WAIT: Duration = secs(1);

#[test]
fn a_full_batch_comes_at_once() {
    run(async {
        let mut wanted = vec![vec![1, 2, 3], vec![4, 5, 6], vec![7]];
        for max in [3, 1] {
            let batches = batched(stream::iter(1..=7), at_most(max), WAIT);
            let (got, time) = timed(batches.collect::<Vec<_>>()).await;
            plainly().unless_eq((got, time), (wanted, Duration::ZERO));
            wanted = (1..=7).map(|item| vec![item]).collect();
        }
    });
}

#[test]
fn a_batch_that_does_not_fill_comes_when_its_time_is_up() {
    run(async {
        // Each item is called by the moment at which it comes.
        let source = arriving(&[5_000, 5_400, 8_000], 20_000);
        let batches = handed_out(Box::pin(batched(source, at_most(3), WAIT))).await;
        come_in_time(&batches, &[(6_000, &[5_000, 5_400]), (9_000, &[8_000])]);

        // Twice the time, and none: then an item has to wait for nobody.
        let (long, none) = (2 * WAIT, Duration::ZERO);
        for (wait, times) in [(long, vec![7_000, 10_000]), (none, vec![5_000, 5_400, 8_000])] {
            let source = arriving(&[5_000, 5_400, 8_000], 20_000);
            let batches = handed_out(Box::pin(batched(source, at_most(3), wait))).await;
            let got: Vec<u64> = batches.into_iter().map(|(time, _)| time).collect();
            plainly().unless_eq(got, times);
        }
    });
}

/// A batch, and the moment at which it came.
pub type Come = (u64, Vec<u64>);

pub fn at_most(items: usize) -> NonZeroUsize {
    NonZeroUsize::new(items).expect("more than none")
}

/// All batches of a stream.
pub async fn handed_out(mut batches: Pin<Box<dyn Stream<Item = Vec<u64>> + '_>>) -> Vec<Come> {
    let begun = Instant::now();
    let mut all = Vec::new();
    while let Some(batch) = batches.next().await {
        all.push((begun.elapsed().as_millis() as u64, batch));
    }
    all
}

pub fn come_in_time(got: &[Come], wanted: &[(u64, &[u64])]) {
    for ((time, batch), (due, items)) in got.iter().zip(wanted) {
        // The right beginning at the wrong time: what was the clock set to?
        let same = batch.first() == items.first();
        blame("timeout-wrong-scope").unless(!same || time >= due);
        let put_off = batch.last().is_some_and(|last| *time == last + 1_000);
        blame("timer-recreated-in-loop").unless(!same || time <= due || !put_off);
    }
    let wanted: Vec<Come> = wanted.iter().map(|(due, items)| (*due, items.to_vec())).collect();
    plainly().unless_eq(got, wanted);
}
