//! A stream that has a timetable.

use std::pin::Pin;

use futures::stream::{Stream, StreamExt, unfold};
use tokio::time::{Instant, sleep_until};

use crate::ms;

/// A stream whose items come at these `moments`, in milliseconds of virtual time
/// from now on, and which ends at `end`. Each item is called by its moment. Whoever
/// asks late gets what has come meanwhile without a wait; whoever asks after the end
/// gets None.
///
/// ```no_run
/// # use kit::*;
/// # async fn count(_: impl futures::Stream<Item = u64>) -> usize { 2 }
/// run(async {
///     let (count, time) = timed(count(arriving(&[100, 900], 2_000))).await;
///     plainly().unless_eq((count, time), (2, secs(2)));
/// });
/// ```
pub fn arriving(moments: &[u64], end: u64) -> Pin<Box<dyn Stream<Item = u64>>> {
    let begun = Instant::now();
    let moments = [moments, &[end]].concat().into_iter();
    let arrive = unfold(moments, move |mut later| async move {
        let next = later.next()?;
        sleep_until(begun + ms(next)).await;
        (next != end).then_some((next, later))
    });
    Box::pin(arrive.fuse())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{run, secs, timed};

    #[test]
    fn items_come_at_their_moments_and_the_end_at_its_own() {
        run(async {
            let mut items = arriving(&[0, 900], 2_000);
            assert_eq!(timed(items.next()).await, (Some(0), ms(0)));
            assert_eq!(timed(items.next()).await, (Some(900), ms(900)));
            assert_eq!(timed(items.next()).await, (None, ms(1_100)));
            assert_eq!(timed(items.next()).await, (None, ms(0)));
            // Whoever asks late does not wait for what is there.
            let late = arriving(&[100, 900], 2_000);
            tokio::time::sleep(secs(1)).await;
            let (all, time) = timed(late.collect::<Vec<_>>()).await;
            assert_eq!((all, time), (vec![100, 900], secs(1)));
        });
    }
}
