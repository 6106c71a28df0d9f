//! Tasks that wait, and tasks that look again and again.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::{blame, secs};

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
///     blame("busy-wake").unless(got_up(secs(1)).await < 50);
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

/// Fails the test for `busy-wake` if the runtime gets up again and again in the next ten
/// seconds, in which nothing is to happen. A few times are nobody's fault.
///
/// ```no_run
/// # use kit::*;
/// # fn idle_worker() {}
/// run(async {
///     idle_worker();
///     stays_asleep().await;
/// });
/// ```
///
/// It counts as [`got_up`] does.
pub async fn stays_asleep() {
    let count = got_up(secs(10)).await;
    blame("busy-wake").because("awake-for-nothing", &[("count", &count)]).unless(count < 50);
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;
    use crate::{capture, ms, run};

    #[test]
    fn who_waits_to_be_woken_does_not_get_it_up() {
        run(async {
            assert!(got_up(secs(10)).await < 5);
            tokio::spawn(pending::<()>());
            tokio::spawn(sleep(secs(3_600)));
            assert!(got_up(secs(10)).await < 5);
        });
    }

    async fn looks_every(time: Duration) {
        loop {
            sleep(time).await;
        }
    }

    #[test]
    fn who_looks_again_and_again_does() {
        run(async {
            tokio::spawn(looks_every(ms(10)));
            assert!(got_up(secs(10)).await > 900);
        });
    }

    #[test]
    fn who_looks_often_is_told_so_and_who_looks_seldom_is_not() {
        let record = capture(|| {
            run(async {
                tokio::spawn(looks_every(ms(100)));
                stays_asleep().await;
            });
        });
        assert_eq!(record.diagnosis.unwrap().pitfall.as_deref(), Some("busy-wake"));
        run(async {
            tokio::spawn(looks_every(secs(1)));
            stays_asleep().await;
        });
    }
}
