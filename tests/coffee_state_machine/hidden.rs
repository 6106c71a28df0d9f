//! The rest of the contract: when each part is polled, by whom, and what is left.

use std::cell::Cell;
use std::future::{Future, ready};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use exercise::coffee_state_machine::{Coffee, Cup, Grounds, Stage, Water, coffee};
use kit::{
    Lab, Opener, Strict, StrictWatch, Tally, Token, WakeCount, blame, counting_waker, gate, lab,
    plainly, poll_with, strict,
};
use pin_project_lite::pin_project;

const WATER: Water = Water { degrees: 96 };
const GROUNDS: Grounds = Grounds { grams: 18 };
const CUP: Cup = Cup { water: WATER, grounds: GROUNDS };

/// A poll that asks its part again and again never comes back.
fn watched() -> Lab {
    lab().stuck_means("busy-wake")
}

pin_project! {
    /// A part of which is known whether it is still there.
    struct Part<T> {
        #[pin]
        future: Strict<T>,
        token: Token,
    }
}

impl<T> Future for Part<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.project().future.poll(cx)
    }
}

/// Boxed, so that there is one type of coffee for all tests.
type Grind = Box<dyn FnOnce(&Water) -> Part<Grounds>>;

type AnyCoffee = Coffee<Part<Water>, Grind, Part<Grounds>>;

/// A coffee, and what is known of its parts.
struct Made {
    coffee: Pin<Box<AnyCoffee>>,
    boil: StrictWatch,
    parts: Parts,
}

struct Parts {
    boil: Tally,
    grind: Tally,
    grinding: Tally,
}

impl Made {
    fn of(boil: Strict<Water>, grinding: Strict<Grounds>) -> Self {
        let parts = Parts {
            boil: Tally::of("boil"),
            grind: Tally::of("grind"),
            grinding: Tally::of("the future of grind"),
        };
        let watch = boil.watch();
        let boil = Part { future: boil, token: parts.boil.token() };
        let (called, tally) = (parts.grind.token(), parts.grinding.clone());
        let grind: Grind = Box::new(move |_| {
            drop(called);
            Part { future: grinding, token: tally.token() }
        });
        let coffee = coffee(boil, grind);
        Made { coffee: Box::pin(coffee), boil: watch, parts }
    }

    fn poll(&mut self, waker: &Waker) -> Poll<Cup> {
        poll_with(self.coffee.as_mut(), waker)
    }

    #[track_caller]
    fn expect_pending(&mut self, waker: &Waker) {
        let pending = self.poll(waker).is_pending();
        plainly().because("not-pending", &[("who", &"coffee")]).unless(pending);
    }

    /// Polls again as long as the poll before has woken the task: a turn more may be
    /// asked for, but not one after the other. How often it was woken by then.
    #[track_caller]
    fn settle(&mut self, wakes: &WakeCount, waker: &Waker) -> usize {
        let mut before = 0;
        for _ in 0..10 {
            if wakes.wakes() == before {
                return before;
            }
            before = wakes.wakes();
            self.expect_pending(waker);
        }
        woken_early(wakes)
    }

    /// Polls once, when all that was waited for is there.
    #[track_caller]
    fn expect_cup(&mut self) {
        let (wakes, waker) = counting_waker("coffee's task");
        let cup = self.poll(&waker);
        if cup.is_pending() {
            // All are ready, so no part has said Pending.
            let pitfall = if wakes.wakes() == 0 { "pending-without-waker" } else { "busy-wake" };
            blame(pitfall).because("not-ready", &[("who", &"coffee")]).now();
        }
        plainly().unless_eq(cup, Poll::Ready(CUP));
        if wakes.wakes() > 0 {
            woken_early(&wakes);
        }
    }

    #[track_caller]
    fn expect_stage(&self, stage: Stage) {
        plainly().unless_eq(self.coffee.stage(), stage);
    }
}

impl Parts {
    /// Fails unless exactly so many of each are still there.
    #[track_caller]
    fn live(&self, boil: usize, grind: usize, grinding: usize) {
        self.boil.should_live_plainly(boil);
        self.grind.should_live_plainly(grind);
        self.grinding.should_live_plainly(grinding);
    }
}

#[track_caller]
fn woken_early(wakes: &WakeCount) -> ! {
    blame("busy-wake")
        .because("woken-early", &[("who", &"coffee"), ("count", &wakes.wakes())])
        .now()
}

#[test]
fn nothing_begins_before_the_first_poll() {
    watched().run(async {
        let made = Made::of(strict("boil", WATER), strict("the future of grind", GROUNDS));
        blame("eager-before-poll")
            .because("polled-at-the-call", &[("who", &"coffee"), ("part", &"boil")])
            .unless(made.boil.polls() == 0);
        made.parts.live(1, 1, 0);
        made.expect_stage(Stage::Created);
    });
}

#[test]
fn what_is_ready_takes_no_turn_of_its_own() {
    watched().run(async {
        // Both are ready at once, so there is nothing to wait for.
        let mut made = Made::of(strict("boil", WATER), strict("the future of grind", GROUNDS));
        made.expect_cup();
        made.expect_stage(Stage::Finished);
        made.parts.live(0, 0, 0);
        // The water takes its time.
        let (boiled, boil) = gate("boil");
        let mut made = Made::of(boil, strict("the future of grind", GROUNDS));
        made.expect_pending(Waker::noop());
        boiled.open(WATER);
        made.expect_cup();
        // The grounds do.
        let (ground, grinding) = gate("the future of grind");
        let mut made = Made::of(strict("boil", WATER), grinding);
        made.expect_pending(Waker::noop());
        made.expect_stage(Stage::Grinding);
        made.parts.live(0, 0, 1);
        ground.open(GROUNDS);
        made.expect_cup();
    });
}

/// Polls from three tasks in turn: the last of them is to be woken, and no other.
#[track_caller]
fn waits_for<T>(made: &mut Made, part: Opener<T>, name: &str, value: T, stage: Stage) {
    let tasks = ["first task", "second task", "third task"].map(|task| {
        let (wakes, waker) = counting_waker(task);
        made.expect_pending(&waker);
        let pitfall = if wakes.wakes() == 0 { "pending-without-waker" } else { "busy-wake" };
        blame(pitfall)
            .because("part-unpolled", &[("who", &"coffee"), ("part", &name)])
            .unless(part.is_awaited());
        made.expect_stage(stage);
        let before = made.settle(&wakes, &waker);
        (wakes, before)
    });
    part.open(value);
    let [old, older, latest] = tasks.map(|(wakes, before)| wakes.wakes() - before);
    let early = old + older;
    let pitfall = if early == 0 { "pending-without-waker" } else { "stale-waker" };
    let key = if early == 0 { "not-woken" } else { "old-task-woken" };
    blame(pitfall).because(key, &[("who", &"coffee")]).unless(latest > 0);
    blame("stale-waker").unless_eq((old, older, latest.min(1)), (0, 0, 1));
}

#[test]
fn each_poll_asks_the_part_whose_turn_it_is() {
    watched().run(async {
        let (boiled, boil) = gate("boil");
        let (ground, grinding) = gate("the future of grind");
        let mut made = Made::of(boil, grinding);
        waits_for(&mut made, boiled, "boil", WATER, Stage::Boiling);
        waits_for(&mut made, ground, "the future of grind", GROUNDS, Stage::Grinding);
        made.expect_cup();
        made.expect_stage(Stage::Finished);
    });
}

#[test]
fn after_the_cup_a_poll_panics() {
    watched().run(async {
        let mut made = Made::of(strict("boil", WATER), strict("the future of grind", GROUNDS));
        made.expect_cup();
        let (wakes, waker) = counting_waker("coffee's task");
        let again = catch_unwind(AssertUnwindSafe(|| made.poll(&waker)));
        if let Ok(got) = again {
            // Pending, and no part is left that could ever wake anybody.
            let alone = got.is_pending() && wakes.wakes() == 0;
            let check = if alone { blame("pending-without-waker") } else { plainly() };
            let got = format!("{got:?}");
            check.because("after-ready", &[("who", &"coffee"), ("got", &got)]).now();
        }
    });
}

#[test]
fn after_a_grind_that_panics_the_water_is_not_boiled_again() {
    watched().run(async {
        let (boil, tally) = (strict("boil", WATER), Tally::of("boil"));
        let watch = boil.watch();
        let grind: Grind = Box::new(|_| resume_unwind(Box::new("out of beans")));
        let coffee: AnyCoffee = coffee(Part { future: boil, token: tally.token() }, grind);
        let mut coffee = Box::pin(coffee);
        for _ in 0..2 {
            // The second poll may do whatever it likes, but for one thing.
            let poll = AssertUnwindSafe(|| poll_with(coffee.as_mut(), Waker::noop()));
            let _ = catch_unwind(poll);
            blame("repoll-after-ready")
                .because("polled-after-ready", &[("who", &"boil")])
                .unless(watch.polls() < 2);
        }
    });
}

#[test]
fn a_stage_holds_what_it_needs_and_nothing_else() {
    watched().run(async {
        // Dropped after each number of polls; the longest life first, which has most to show.
        for polls in (0..=3).rev() {
            let (boiled, boil) = gate("boil");
            let (ground, grinding) = gate("the future of grind");
            let mut made = Made::of(boil, grinding);
            made.parts.live(1, 1, 0);
            if polls > 0 {
                made.expect_pending(Waker::noop());
                made.parts.live(1, 1, 0);
            }
            if polls > 1 {
                boiled.open(WATER);
                made.expect_pending(Waker::noop());
                made.parts.live(0, 0, 1);
            }
            if polls > 2 {
                ground.open(GROUNDS);
                made.expect_cup();
                made.parts.live(0, 0, 0);
            }
            drop(made.coffee);
            made.parts.live(0, 0, 0);
        }
    });
}

/// Boils what it only borrows.
async fn heated(degrees: &u32) -> Water {
    Water { degrees: *degrees }
}

#[test]
fn any_parts_will_do() {
    watched().run(async {
        let degrees = WATER.degrees;
        let boil = heated(&degrees); // gate: borrow-into-spawn
        plainly().unless_eq(coffee(boil, |_: &Water| ready(GROUNDS)).await, CUP);

        // Neither Send nor 'static: what they borrow is counted here.
        let asked = Cell::new(0);
        let boil = async {
            asked.set(asked.get() + 1);
            WATER
        };
        let grind = |water: &Water| {
            let degrees = water.degrees;
            let asked = &asked;
            async move {
                asked.set(asked.get() + degrees);
                GROUNDS
            }
        };
        let cup = coffee(boil, grind).await; // gate: non-send-across-await
        plainly().unless_eq(cup, CUP);
        plainly().unless_eq(asked.get(), 97);
    });
}
