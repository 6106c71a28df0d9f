//! The record of one round, where a test has several.

use crate::recorder;

/// Forgets what the record holds so far, and lets its time begin again. The virtual
/// clock goes on.
///
/// For a test that has an answer run several times: the picture of a failure then
/// shows the round that has failed, and not all before it.
///
/// ```no_run
/// # use kit::*;
/// # async fn brew(_: u32) -> u32 { 1 }
/// run(async {
///     for cups in [1, 20, 300] {
///         start_over();
///         plainly().unless_eq(brew(cups).await, cups);
///     }
/// });
/// ```
pub fn start_over() {
    if let Some(recorder) = recorder::current() {
        recorder.start_over();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;
    use crate::{capture, note, run, secs};

    #[test]
    fn only_the_last_round_is_told() {
        let record = capture(|| {
            run(async {
                let begun = Instant::now();
                for round in ["first", "second"] {
                    start_over();
                    sleep(secs(2)).await;
                    note(round);
                }
                assert_eq!(begun.elapsed(), secs(4));
            });
        });
        let events: Vec<_> = record.events.iter().map(|e| (e.at_us, e.label.as_str())).collect();
        assert_eq!(events, [(2_000_000, "second")]);
        assert_eq!(record.end_us, 2_000_000);
        start_over(); // and outside of a test it does nothing
    }
}
