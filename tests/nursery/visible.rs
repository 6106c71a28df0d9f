//! The body and its children run side by side, and all of them are waited for.

use exercise::nursery::nursery;
use kit::{Lab, blame, lab, ms, plainly, secs, timed, took};
use tokio::time::sleep;

#[test]
fn children_run_beside_the_body_and_each_other() {
    watched().run(async {
        let (given, time) = timed(nursery(async |nursery| {
            for (name, time) in [("first", 3), ("second", 1), ("third", 2)] {
                nursery.spawn(async move {
                    sleep(secs(time)).await;
                    Ok::<_, ()>(name)
                });
            }
            sleep(secs(2)).await;
            Ok("body")
        }))
        .await;
        took(time).slower_means("sequential-awaits").should_be(secs(3));
        let (body, children) = given.expect("nobody fails");
        plainly().unless_eq((body, children.len()), ("body", 3));
        blame("result-order-mixup").unless_eq(children, ["first", "second", "third"]);
    });
}

#[test]
fn a_child_that_comes_late_is_waited_for() {
    watched().run(async {
        let mut spawned = Vec::new();
        let (given, time) = timed(nursery(async |nursery| {
            // The body is no task: it may use what is in reach.
            for number in 1..=3_u64 {
                sleep(ms(100)).await;
                spawned.push(number);
                nursery.spawn(async move {
                    sleep(secs(number)).await;
                    Ok::<_, ()>(number * 10)
                });
            }
            Ok(())
        }))
        .await;
        plainly().unless_eq(given, Ok(((), vec![10, 20, 30])));
        took(time).slower_means("sequential-awaits").should_be(ms(3_300));
        plainly().unless_eq(spawned, [1, 2, 3]);
    });
}

/// All tests: a poll that goes round and round never comes back, nor does one that blocks
/// the thread on which all the children are.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake").wait_means("sync-io-in-async")
}
