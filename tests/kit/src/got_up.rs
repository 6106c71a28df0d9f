//! Tasks that wait, and tasks that look again and again.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

/// Lets so much virtual time go by, and tells how often the runtime got up meanwhile:
/// how often its thread had no task to poll any more, and then some timer was up.
///
/// Where all tasks wait to be woken it gets up once, for whoever asks here. A task
/// that looks every now and then whether there is something to do gets it up each
/// time. The virtual clock makes that cheap, but real processors do not.
///
/// ```no_run
/// # use kit::*;
/// # fn idle_worker() {}
/// run(async {
///     idle_worker();
///     let count = got_up(secs(10)).await;
///     let check = blame("busy-wake").because("awake-for-nothing", &[("count", &count)]);
///     check.unless(count < 50);
/// });
/// ```
///
/// It counts for the runtime of one thread that [`run`](crate::run) makes.
pub async fn got_up(time: Duration) -> u64 {
    let parks = || Handle::current().metrics().worker_park_count(0);
    let before = parks();
    sleep(time).await;
    parks() - before
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;
    use crate::{ms, run, secs};

    #[test]
    fn who_waits_to_be_woken_does_not_get_it_up() {
        run(async {
            assert!(got_up(secs(10)).await < 5);
            tokio::spawn(pending::<()>());
            tokio::spawn(sleep(secs(3_600)));
            assert!(got_up(secs(10)).await < 5);
        });
    }

    #[test]
    fn who_looks_again_and_again_does() {
        run(async {
            tokio::spawn(async {
                loop {
                    sleep(ms(10)).await;
                }
            });
            assert!(got_up(secs(10)).await > 900);
        });
    }
}
