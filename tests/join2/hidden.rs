//! The rest of the contract: who is polled when, with which waker, and what is left.

use std::cell::Cell;
use std::future::{Future, ready};
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use exercise::join2::{Join2, join2};
use kit::{
    Lab, Opener, Strict, Tally, Token, blame, counting_waker, gate, lab, plainly, poll_with, strict,
};
use pin_project_lite::pin_project;

use crate::visible::{all_awaited, expect_pending, woken_early};

/// A poll that asks its sides again and again never comes back.
fn watched() -> Lab {
    lab().stuck_means("busy-wake")
}

/// A value of which is known whether it is still there.
type Value = (&'static str, Token);

pin_project! {
    /// A side of which is known whether it is still there.
    struct Side {
        #[pin]
        future: Strict<Value>,
        token: Token,
    }
}

impl Future for Side {
    type Output = Value;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Value> {
        self.project().future.poll(cx)
    }
}

/// How many futures and values there are.
struct Counts {
    sides: Tally,
    values: Tally,
}

impl Counts {
    fn new() -> Self {
        Counts { sides: Tally::of("futures"), values: Tally::of("values") }
    }

    /// A side that is ready when it is polled.
    fn ready(&self, name: &'static str) -> Side {
        let future = strict(name, (name, self.values.token()));
        Side { future, token: self.sides.token() }
    }

    /// A side that asks for so many turns more, and wakes its task for each.
    fn turns(&self, name: &'static str, turns: usize) -> Side {
        let future = strict(name, (name, self.values.token())).pending(turns);
        Side { future, token: self.sides.token() }
    }

    /// A side that waits until it is opened.
    fn waiting(&self, name: &'static str) -> (Opener<Value>, Side) {
        let (opener, future) = gate(name);
        (opener, Side { future, token: self.sides.token() })
    }

    fn open(&self, side: Opener<Value>, name: &'static str) {
        side.open((name, self.values.token()));
    }

    /// Fails unless nothing is left.
    #[track_caller]
    fn nothing_left(&self) {
        self.sides.should_live_plainly(0);
        self.values.should_live_plainly(0);
    }
}

/// Boxed once, so that there is one type of join2 for all these tests.
struct Both(Pin<Box<Join2<Side, Side>>>);

impl Both {
    fn of(a: Side, b: Side) -> Self {
        let both = join2(a, b);
        Both(Box::pin(both))
    }

    fn poll(&mut self, waker: &Waker) -> Poll<(Value, Value)> {
        poll_with(self.0.as_mut(), waker)
    }

    #[track_caller]
    fn expect_pending(&mut self, waker: &Waker) {
        let pending = self.poll(waker).is_pending();
        plainly().because("not-pending", &[("who", &"join2")]).unless(pending);
    }

    /// Polls once, when both sides can be ready.
    #[track_caller]
    fn expect_ready(&mut self) -> (Value, Value) {
        let (wakes, waker) = counting_waker("join2's task");
        match self.poll(&waker) {
            Poll::Ready(got) => {
                plainly().unless_eq((got.0.0, got.1.0), ("tea", "toast"));
                if wakes.wakes() > 0 {
                    woken_early(&wakes);
                }
                got
            }
            Poll::Pending => {
                // No side has said Pending, so none will wake anybody.
                let alone = wakes.wakes() == 0;
                blame(if alone { "pending-without-waker" } else { "busy-wake" })
                    .because("not-ready", &[("who", &"join2")])
                    .now()
            }
        }
    }
}

#[test]
fn nothing_is_polled_at_the_call() {
    watched().run(async {
        let counts = Counts::new();
        let sides = [counts.ready("tea"), counts.ready("toast")];
        let watches = [sides[0].future.watch(), sides[1].future.watch()];
        let [a, b] = sides;
        let both = Both::of(a, b);
        for (watch, name) in watches.iter().zip(["tea", "toast"]) {
            blame("eager-before-poll")
                .because("polled-at-the-call", &[("who", &"join2"), ("part", &name)])
                .unless(watch.polls() == 0);
        }
        drop(both);
        counts.nothing_left();
    });
}

#[test]
fn what_is_ready_takes_no_turn_of_its_own() {
    watched().run(async {
        let counts = Counts::new();
        // Both at once.
        drop(Both::of(counts.ready("tea"), counts.ready("toast")).expect_ready());
        // One at once, the other later; and both between two polls.
        let (tea, a) = counts.waiting("tea");
        let mut both = Both::of(a, counts.ready("toast"));
        both.expect_pending(Waker::noop());
        counts.open(tea, "tea");
        drop(both.expect_ready());
        let (toast, b) = counts.waiting("toast");
        let mut both = Both::of(counts.ready("tea"), b);
        both.expect_pending(Waker::noop());
        counts.open(toast, "toast");
        drop(both.expect_ready());
        let ((tea, a), (toast, b)) = (counts.waiting("tea"), counts.waiting("toast"));
        let mut both = Both::of(a, b);
        both.expect_pending(Waker::noop());
        counts.open(tea, "tea");
        counts.open(toast, "toast");
        drop(both.expect_ready());
    });
}

/// Polls from three tasks in turn; then one side is opened. The last of the
/// tasks is to be woken, and no other.
#[track_caller]
fn waits_for(counts: &Counts, both: &mut Both, waiting: &mut Vec<(&'static str, Opener<Value>)>) {
    let tasks = ["first task", "second task", "third task"].map(|task| {
        let (wakes, waker) = counting_waker(task);
        let before = expect_pending(&wakes, || both.poll(&waker).is_pending());
        all_awaited(waiting);
        (wakes, before)
    });
    let (name, side) = waiting.remove(0);
    counts.open(side, name);
    let [old, older, latest] = tasks.map(|(wakes, before)| wakes.wakes() - before);
    let early = old + older;
    let pitfall = if early == 0 { "pending-without-waker" } else { "stale-waker" };
    let key = if early == 0 { "not-woken" } else { "old-task-woken" };
    blame(pitfall).because(key, &[("who", &"join2")]).unless(latest > 0);
    blame("stale-waker").unless_eq((old, older, latest.min(1)), (0, 0, 1));
}

#[test]
fn each_poll_asks_every_side_that_waits() {
    watched().run(async {
        for tea_first in [true, false] {
            let counts = Counts::new();
            let ((tea, a), (toast, b)) = (counts.waiting("tea"), counts.waiting("toast"));
            let mut both = Both::of(a, b);
            let mut waiting = vec![("tea", tea), ("toast", toast)];
            if !tea_first {
                waiting.reverse();
            }
            waits_for(&counts, &mut both, &mut waiting);
            waits_for(&counts, &mut both, &mut waiting);
            drop(both.expect_ready());
        }
    });
}

#[test]
fn a_side_that_wakes_the_task_in_its_poll_is_asked_again() {
    watched().run(async {
        for (polite, other) in [("tea", "toast"), ("toast", "tea")] {
            let counts = Counts::new();
            // One side lets others go first, twice.
            let steps = counts.turns(polite, 2);
            let watch = steps.future.watch();
            let (opener, waits) = counts.waiting(other);
            let (a, b) = if polite == "tea" { (steps, waits) } else { (waits, steps) };
            let mut both = Both::of(a, b);
            let (wakes, waker) = counting_waker("join2's task");
            let before = expect_pending(&wakes, || both.poll(&waker).is_pending());
            blame("pending-without-waker")
                .because("not-ready", &[("who", &polite)])
                .unless(watch.is_done());
            counts.open(opener, other);
            blame("pending-without-waker")
                .because("not-woken", &[("who", &"join2")])
                .unless(wakes.wakes() > before);
            drop(both.expect_ready());
        }
    });
}

#[test]
fn what_is_in_it_is_dropped_with_it() {
    watched().run(async {
        let counts = Counts::new();
        // Two that wait, never polled; the same, polled.
        for polls in 0..2 {
            let ((_tea, a), (_toast, b)) = (counts.waiting("tea"), counts.waiting("toast"));
            let mut both = Both::of(a, b);
            (0..polls).for_each(|_| both.expect_pending(Waker::noop()));
            drop(both);
            counts.nothing_left();
        }
        // A value that waits for the other side, on either side.
        let (_toast, b) = counts.waiting("toast");
        let mut both = Both::of(counts.ready("tea"), b);
        both.expect_pending(Waker::noop());
        drop(both);
        counts.nothing_left();
        let (_tea, a) = counts.waiting("tea");
        let mut both = Both::of(a, counts.ready("toast"));
        both.expect_pending(Waker::noop());
        drop(both);
        counts.nothing_left();
        // Both values were handed out, and are whose they are.
        let mut both = Both::of(counts.ready("tea"), counts.ready("toast"));
        let values = both.expect_ready();
        drop(both);
        plainly().unless_eq(counts.values.live(), 2);
        drop(values);
        counts.nothing_left();
    });
}

/// Not Clone, not Debug, not Send, and not Unpin.
struct Stubborn<'a>(&'a Cell<u32>, Rc<()>, PhantomPinned);

#[test]
fn any_sides_will_do() {
    watched().run(async {
        // Values that are not Unpin. Nobody has pinned them yet, so they may move all the same.
        let (a, b) = (strict("tea", PhantomPinned), strict("toast", PhantomPinned));
        let pinned = join2(a, b); // gate: moved-after-first-poll
        let _values = pinned.await; // gate: moved-after-first-poll
        // Nobody wants to give them to a task.
        let word = String::from("tea");
        let both = join2(ready(word.as_str()), ready(2)); // gate: borrow-into-spawn
        plainly().unless_eq(both.await, ("tea", 2));
        let cell = Cell::new(0);
        let stubborn = |n: u32| {
            let cell = &cell;
            async move {
                cell.set(cell.get() + n);
                Stubborn(cell, Rc::new(()), PhantomPinned)
            }
        };
        let both = join2(stubborn(1), stubborn(2)); // gate: non-send-across-await
        let (a, b) = both.await;
        a.0.set(a.0.get() + Rc::strong_count(&b.1) as u32);
        plainly().unless_eq(b.0.get(), 4);
        drop((a, b));
    });
}
