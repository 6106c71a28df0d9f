//! What every learner sees: the four stages, and the cup.

use std::task::Poll;

use exercise::coffee_state_machine::{Cup, Grounds, Stage, Water, coffee};
use kit::{
    Opener, WakeCount, blame, counting_waker, gate, lab, plainly, poll_with, secs, strict, timed,
};
use tokio::time::sleep;

/// Fails unless the part has a waker to call: nobody else could wake the coffee.
#[track_caller]
fn expect_awaited<T>(part: &Opener<T>, name: &str, wakes: usize) {
    let pitfall = if wakes == 0 { "pending-without-waker" } else { "busy-wake" };
    blame(pitfall)
        .because("part-unpolled", &[("who", &"coffee"), ("part", &name)])
        .unless(part.is_awaited());
}

#[track_caller]
fn expect_woken(wakes: &WakeCount, before: usize) {
    let woken = wakes.wakes() > before;
    blame("pending-without-waker").because("not-woken", &[("who", &"coffee")]).unless(woken);
}

#[test]
fn each_stage_has_its_turn() {
    lab().stuck_means("busy-wake").run(async {
        let (boiled, boil) = gate("boil");
        let (ground, grinding) = gate("the future of grind");
        let grind = move |_: &Water| grinding; // gate: subfuture-recreated
        let coffee = coffee(boil, grind); // gate: moved-after-first-poll
        let mut coffee = Box::pin(coffee); // gate: moved-after-first-poll
        let (wakes, waker) = counting_waker("coffee's task");
        plainly().unless_eq(coffee.stage(), Stage::Created);

        let cup = poll_with(coffee.as_mut(), &waker); // gate: moved-after-first-poll
        plainly().because("not-pending", &[("who", &"coffee")]).unless(cup.is_pending());
        expect_awaited(&boiled, "boil", wakes.wakes());
        plainly().unless_eq(coffee.stage(), Stage::Boiling);

        let before = wakes.wakes();
        boiled.open(Water { degrees: 96 });
        expect_woken(&wakes, before);
        let before = wakes.wakes();
        let cup = poll_with(coffee.as_mut(), &waker); // gate: moved-after-first-poll
        plainly().because("not-pending", &[("who", &"coffee")]).unless(cup.is_pending());
        expect_awaited(&ground, "the future of grind", wakes.wakes() - before);
        plainly().unless_eq(coffee.stage(), Stage::Grinding);

        let before = wakes.wakes();
        ground.open(Grounds { grams: 18 });
        expect_woken(&wakes, before);
        let cup = poll_with(coffee.as_mut(), &waker); // gate: moved-after-first-poll
        let wanted = Cup { water: Water { degrees: 96 }, grounds: Grounds { grams: 18 } };
        plainly().unless_eq(cup, Poll::Ready(wanted));
        plainly().unless_eq(coffee.stage(), Stage::Finished);
    });
}

#[test]
fn whoever_awaits_it_gets_a_cup() {
    lab().stuck_means("busy-wake").hang_means("pending-without-waker").run(async {
        let boil = async {
            sleep(secs(180)).await;
            Water { degrees: 95 }
        };
        // The hotter the water, the coarser the grounds: `grind` looks at it.
        let grind =
            |water: &Water| strict("the future of grind", Grounds { grams: water.degrees / 5 });
        let (cup, time) = timed(coffee(boil, grind)).await;
        let wanted = Cup { water: Water { degrees: 95 }, grounds: Grounds { grams: 19 } };
        plainly().unless_eq(cup, wanted);
        plainly().unless_eq(time, secs(180));
    });
}
