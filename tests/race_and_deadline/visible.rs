//! What every learner sees: who wins, and when the time is up.

use std::cell::Cell;
use std::future::pending;
use std::time::Duration;

use exercise::race_and_deadline::{Either, deadline, race};
use kit::{Lab, gate, lab, mock, ms, plainly, secs, span, timed, took};
use tokio::time::sleep;

/// A poll that goes round and round until one is there never comes back. And as
/// long as a thread of the runtime sleeps, no time goes by.
pub fn watched() -> Lab {
    lab()
        .hang_means("pending-without-waker")
        .stuck_means("busy-wake")
        .wait_means("blocking-task-uncancellable")
}

/// Work that takes its time, as a bar in the timeline.
async fn work<T>(name: &str, time: Duration, result: T) -> T {
    let _span = span(name);
    sleep(time).await;
    result
}

/// Why a race did not hear of the quick one, and gave the result of the slow one.
fn why_unseen() -> &'static str {
    let (_never, quick) = gate::<()>("the quick one");
    let polled = quick.watch();
    let mut both = mock("race", race(pending::<()>(), quick)); // gate: moved-after-first-poll
    let _ = both.poll();
    if polled.polls() == 0 { "skipped-registration" } else { "pending-without-waker" }
}

#[test]
fn whoever_is_ready_first_wins() {
    watched().run(async {
        let hare = || work("hare", secs(1), "hare");
        let tortoise = || work("tortoise", secs(3), "tortoise");
        for hare_is_left in [true, false] {
            let (winner, time) = if hare_is_left {
                timed(race(hare(), tortoise())).await
            } else {
                timed(race(tortoise(), hare())).await
            };
            // The hare was there first, and nobody has seen it.
            if matches!(winner, Either::Left("tortoise") | Either::Right("tortoise")) {
                took(time).slower_means(why_unseen()).should_be(secs(1));
            }
            plainly().unless_eq(time, secs(1));
            plainly().unless(match winner {
                Either::Left(name) => hare_is_left && name == "hare",
                Either::Right(name) => !hare_is_left && name == "hare",
            });
        }
    });
}

/// Why a deadline did not end its wait in time.
fn why_late() -> &'static str {
    let forever = |limit| mock("deadline", deadline(limit, pending::<()>()));
    // Some real time goes by, and no virtual time at all. Whoever measures the
    // one where the other is meant says that the time is up.
    let mut real = forever(ms(1));
    let _ = real.poll();
    std::thread::sleep(ms(20));
    if real.poll().is_ready() {
        return "std-instant-under-virtual-clock";
    }
    // A time that is up at once needs no wake: so is there any clock at all?
    let mut none = forever(ms(0));
    let ended = (0..10).any(|_| none.poll().is_ready());
    if ended { "subfuture-recreated" } else { "skipped-registration" }
}

#[test]
fn a_deadline_ends_a_wait_that_is_too_long() {
    watched().run(async {
        let seen = Cell::new(None);
        let fast = async {
            let (page, time) = timed(work("fast", secs(1), "page")).await;
            seen.set(Some(time));
            page
        };
        let (result, time) = timed(deadline(secs(3), fast)).await;
        // It was not polled when it could go on: only the clock counted.
        if seen.get() != Some(secs(1)) {
            took(time).slower_means("skipped-registration").should_be(secs(1));
        }
        plainly().unless_eq(time, secs(1));
        plainly().unless_eq(result.map_err(|_| "Elapsed"), Ok("page"));

        // In steps: each of them is a poll before the time is up.
        let slow = async {
            for step in ["step 1", "step 2", "step 3", "step 4", "step 5"] {
                work(step, ms(700), ()).await;
            }
            "page"
        };
        let (result, time) = timed(deadline(ms(2_000), slow)).await;
        // In the middle of a step, only its own clock can have woken it.
        if time > secs(2) && time.as_millis() % 700 == 0 {
            let slower = match (why_late(), &result) {
                // It has a clock, looked at it, and saw that the time was up.
                ("subfuture-recreated", Err(_)) => "pending-without-waker",
                (pitfall, _) => pitfall,
            };
            took(time).slower_means(slower).should_be(secs(2));
        }
        // Whoever looks at the clock now and then is a little late.
        if time > secs(2) && time < ms(2_100) {
            took(time).slower_means("busy-wake").should_be(secs(2));
        }
        plainly().unless_eq(time, secs(2));
        plainly().unless_eq(result.map_err(|_| "Elapsed"), Err("Elapsed"));
        let (result, time) = timed(deadline(ms(2_345), pending::<&str>())).await;
        if time > ms(2_345) && time < ms(3_345) {
            took(time).slower_means("busy-wake").should_be(ms(2_345));
        }
        plainly().unless_eq(time, ms(2_345));
        plainly().unless_eq(result.map_err(|_| "Elapsed"), Err("Elapsed"));
    });
}
