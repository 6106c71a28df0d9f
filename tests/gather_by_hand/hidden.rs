//! The rest of the contract: who is polled, who wakes, what is left.

use std::cell::Cell;
use std::future::ready;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};

use exercise::gather_by_hand::{join_all, try_join_all};
use kit::{
    Blame, Mock, Opener, Strict, StrictWatch, Tally, Token, blame, by_hand, counting_waker, gate,
    mock, plainly, require_send, strict,
};

use crate::visible::watched;

type Outcome = Result<u32, &'static str>;

/// Something to be polled by hand. Boxed, so that what follows is compiled once for
/// each result and not for each future.
type Task<'a, T> = Mock<Pin<Box<dyn Future<Output = T> + 'a>>>;

fn task<'a, T>(who: &str, future: impl Future<Output = T> + 'a) -> Task<'a, T> {
    mock(who, Box::pin(future))
}

/// Both functions, told apart by name only: they have most rules in common.
const BOTH: [&str; 2] = ["join_all", "try_join_all"];

type Whole = Pin<Box<dyn Future<Output = Result<Vec<u32>, &'static str>>>>;

fn gathered(who: &str, parts: Vec<impl Future<Output = Outcome> + Send + 'static>) -> Whole {
    if who == "try_join_all" {
        let whole = try_join_all(parts); // gate: moved-after-first-poll
        return Box::pin(whole); // gate: moved-after-first-poll
    }
    let whole = join_all(parts); // gate: moved-after-first-poll
    Box::pin(async { whole.await.into_iter().collect() }) // gate: moved-after-first-poll
}

/// A right answer may go in steps and ask for its next turn itself. But not for ever.
const MOST_TURNS: usize = 5_000;

/// Polls until it is ready, or has nothing more to do.
async fn settled<T>(whole: &mut Task<'_, T>) -> Poll<T> {
    match kit::settled(whole, MOST_TURNS).await {
        Some(polled) => polled,
        None => blame("busy-wake").because("poll-cap", &[("count", &MOST_TURNS)]).now(),
    }
}

/// Polls until there is nothing more to do; that must not be the end.
async fn expect_wait<T>(whole: &mut Task<'_, T>) {
    let waits = settled(whole).await.is_pending();
    plainly().because("not-pending", &[("who", &whole.label())]).unless(waits);
}

/// Polls until it is ready. Where it is not, all that it waits for is over.
async fn expect_end<T>(whole: &mut Task<'_, T>) -> T {
    match settled(whole).await {
        Poll::Ready(output) => output,
        Poll::Pending => not_woken(whole.label()).now(),
    }
}

fn not_woken(who: &str) -> Blame {
    blame("pending-without-waker").because("not-woken", &[("who", &who)])
}

/// Parts that end when somebody opens them: "part 0", "part 1" …
struct Gates {
    openers: Vec<Option<Opener<Outcome>>>,
    watches: Vec<StrictWatch>,
}

impl Gates {
    fn new(count: usize) -> (Self, Vec<Strict<Outcome>>) {
        let (openers, parts): (Vec<_>, Vec<_>) =
            (0..count).map(|n| gate(&format!("part {n}"))).unzip();
        let watches = parts.iter().map(Strict::watch).collect();
        (Gates { openers: openers.into_iter().map(Some).collect(), watches }, parts)
    }

    fn open(&mut self, n: usize, outcome: Outcome) {
        if let Some(opener) = self.openers[n].take() {
            opener.open(outcome);
        }
    }

    /// Fails the test unless each part has been polled.
    #[track_caller]
    fn expect_polled(&self, who: &str) {
        for (n, watch) in self.watches.iter().enumerate() {
            let part = format!("part {n}");
            blame("skipped-registration")
                .because("part-unpolled", &[("who", &who), ("part", &part)])
                .unless(watch.polls() > 0);
        }
    }
}

/// More than anybody would let in at once who has a limit in mind.
const MANY: usize = 300;

#[test]
fn nothing_is_polled_at_the_call() {
    watched().run(async {
        for who in BOTH {
            // Many: nobody said that only some may be under way at once.
            let (mut gates, parts) = Gates::new(MANY);
            let whole = gathered(who, parts);
            for (n, watch) in gates.watches.iter().enumerate() {
                let part = format!("part {n}");
                blame("eager-before-poll")
                    .because("polled-at-the-call", &[("who", &who), ("part", &part)])
                    .unless(watch.polls() == 0);
            }
            let mut whole = task(who, whole);
            expect_wait(&mut whole).await;
            gates.expect_polled(who);
            for n in 0..MANY {
                gates.open(n, Ok(n as u32));
            }
            plainly().unless_eq(expect_end(&mut whole).await, Ok((0..MANY as u32).collect()));
        }
    });
}

#[test]
fn what_is_ready_at_once_needs_no_wait() {
    watched().run(async {
        for who in BOTH {
            for count in [0, 1, 3] {
                let parts = (0..count).map(|n| strict(&format!("part {n}"), Ok(n))).collect();
                let results = expect_end(&mut task(who, gathered(who, parts))).await;
                plainly().unless_eq(results, Ok((0..count).collect()));
            }
        }
    });
}

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[test]
fn whichever_part_ends_first_wakes_the_task() {
    watched().run(async {
        for who in BOTH {
            for order in ORDERS {
                let (mut gates, parts) = Gates::new(3);
                let mut whole = task(who, gathered(who, parts));
                for n in order {
                    expect_wait(&mut whole).await;
                    gates.expect_polled(who);
                    gates.open(n, Ok(n as u32));
                    not_woken(who).unless(whole.is_woken());
                }
                let results = expect_end(&mut whole).await;
                plainly().unless_eq(results.as_ref().map(Vec::len), Ok(3));
                blame("result-order-mixup").unless_eq(results, Ok(vec![0, 1, 2]));
            }
        }
    });
}

#[test]
fn each_turn_is_for_all_parts() {
    watched().run(async {
        for who in BOTH {
            let (_never, idle) = gate("the idle part");
            let (open, first) = gate("first step");
            let (_open, second) = gate("second step");
            let polled = second.watch();
            let steps = async {
                let _: Outcome = first.await;
                second.await
            };
            let parts: Vec<Pin<Box<dyn Future<Output = Outcome> + Send>>> =
                vec![Box::pin(idle), Box::pin(steps)];
            let mut whole = task(who, gathered(who, parts));
            expect_wait(&mut whole).await;
            open.open(Ok(1));
            not_woken(who).unless(whole.is_woken());
            expect_wait(&mut whole).await;
            let part = "the part that had woken the task";
            blame("skipped-registration")
                .because("part-unpolled", &[("who", &who), ("part", &part)])
                .unless(polled.polls() > 0);
        }
    });
}

#[test]
fn the_task_that_polled_last_is_woken() {
    watched().run(async {
        for who in BOTH {
            let (mut gates, parts) = Gates::new(2);
            let mut whole = gathered(who, parts);
            let (old, old_waker) = counting_waker("old task");
            let (new, new_waker) = counting_waker("new task");
            for (count, waker) in [(&old, &old_waker), (&new, &new_waker)] {
                let mut lent = by_hand(whole.as_mut(), (count, waker));
                let ended =
                    matches!(kit::settled(&mut lent, MOST_TURNS).await, Some(Poll::Ready(_)));
                plainly().because("not-pending", &[("who", &who)]).unless(!ended);
            }
            gates.expect_polled(who);
            let before = (old.wakes(), new.wakes());
            gates.open(1, Ok(1));
            let woken = (old.wakes() > before.0, new.wakes() > before.1);
            not_woken(who).unless(woken != (false, false));
            blame("stale-waker").because("old-task-woken", &[("who", &who)]).unless(woken.1);
        }
    });
}

#[test]
fn a_thousand_parts_stay_in_place_and_end_once() {
    watched().run(async {
        for who in BOTH {
            let part = |n| strict(&format!("part {n}"), Ok(n)).pending(n as usize * 7 % 3);
            let mut whole = task(who, gathered(who, (0..1_000).map(part).collect()));
            let results = expect_end(&mut whole).await;
            plainly().unless_eq(results.as_ref().map(Vec::len), Ok(1_000));
            blame("result-order-mixup").unless(results == Ok((0..1_000).collect()));
        }
    });
}

/// A part that holds something, also when it is over: until it is dropped.
struct Holding<T> {
    part: Pin<Box<dyn Future<Output = T> + Send>>,
    _token: Token,
}

impl<T> Future for Holding<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.part.as_mut().poll(cx)
    }
}

fn holding<T>(tally: &Tally, part: impl Future<Output = T> + Send + 'static) -> Holding<T> {
    Holding { part: Box::pin(part), _token: tally.token() }
}

#[test]
fn an_error_is_told_at_once_and_ends_all_parts() {
    watched().run(async {
        const WHO: &str = "try_join_all";
        for (failing, finished) in [(0, None), (1, None), (2, None), (0, Some(1)), (2, Some(0))] {
            let tally = Tally::of("parts");
            let (mut gates, parts) = Gates::new(3);
            let parts: Vec<_> = parts.into_iter().map(|part| holding(&tally, part)).collect();
            let mut whole = task(WHO, try_join_all(parts));
            expect_wait(&mut whole).await;
            gates.expect_polled(WHO);
            if let Some(n) = finished {
                gates.open(n, Ok(7));
                not_woken(WHO).unless(whole.is_woken());
                expect_wait(&mut whole).await;
            }
            gates.open(failing, Err("burnt"));
            not_woken(WHO).unless(whole.is_woken());
            let told = settled(&mut whole).await;
            if told.is_pending() {
                // If it needs one more poll, it should have asked for it.
                not_woken(WHO).unless(whole.poll().is_pending());
                (0..3).for_each(|n| gates.open(n, Ok(7)));
                let results = expect_end(&mut whole).await;
                plainly().unless_eq(results, Err("burnt"));
                blame("join-then-question-mark").because("error-kept-back", &[("who", &WHO)]).now();
            }
            plainly().unless_eq(told, Poll::Ready(Err("burnt")));
            // `whole` is still here: it must have let go of them by itself.
            tally.should_live(0, "loser-kept-alive");
        }
        // An error in the very first poll. The others need not have been polled.
        let tally = Tally::of("parts");
        let (_gates, parts) = Gates::new(2);
        let fails = strict("failing part", Err("burnt"));
        let mut parts: Vec<_> = parts.into_iter().map(|part| holding(&tally, part)).collect();
        parts.insert(1, holding(&tally, fails));
        let mut whole = task(WHO, try_join_all(parts));
        let told = settled(&mut whole).await;
        blame("join-then-question-mark")
            .because("error-kept-back", &[("who", &WHO)])
            .unless(told.is_ready());
        plainly().unless_eq(told, Poll::Ready(Err("burnt")));
        tally.should_live(0, "loser-kept-alive");
    });
}

#[test]
fn dropped_half_way_it_leaves_nothing_behind() {
    watched().run(async {
        let (parts, results) = (Tally::of("parts"), Tally::of("results"));
        for who in BOTH {
            let result = results.token();
            let done = holding(&parts, async { Ok::<_, &str>(result) });
            let waits = holding(&parts, std::future::pending());
            if who == "join_all" {
                expect_wait(&mut task(who, join_all([done, waits]))).await;
            } else {
                expect_wait(&mut task(who, try_join_all([done, waits]))).await;
            }
            parts.should_live_plainly(0);
            results.should_live_plainly(0);
        }
    });
}

/// A borrow. Not Clone, not Debug, not Send, and not Unpin.
struct Stubborn<'a>(&'a Cell<u32>, PhantomPinned);

#[test]
fn parts_and_results_of_any_type_will_do() {
    watched().run(async {
        // What may change threads still may when it is gathered.
        let (_gates, parts) = Gates::new(2);
        let whole = join_all(parts);
        require_send(&whole); // gate: non-send-across-await
        let (_gates, parts) = Gates::new(2);
        let whole = try_join_all(parts);
        require_send(&whole); // gate: non-send-across-await
        // Also if its results may not be shared by threads.
        let whole = join_all([ready(Cell::new(1))]);
        require_send(&whole); // gate: non-send-across-await
        let whole = try_join_all([ready(Ok::<_, ()>(Cell::new(1)))]);
        require_send(&whole); // gate: non-send-across-await

        // What borrows may not be given to a task; nor may it leave its thread.
        let cell = Cell::new(0);
        let stubborn = async |n: u32| -> Result<Stubborn<'_>, String> {
            cell.set(cell.get() + n);
            Ok(Stubborn(&cell, PhantomPinned))
        };
        let parts = Vec::from([1, 2].map(&stubborn));
        let whole = join_all(parts); // gate: borrow-into-spawn
        plainly().unless_eq(expect_end(&mut task("join_all", whole)).await.len(), 2);
        let parts = Vec::from([3, 4].map(&stubborn));
        let whole = try_join_all(parts); // gate: borrow-into-spawn
        let all = expect_end(&mut task("try_join_all", whole)).await;
        let last = all.ok().and_then(|all| all.into_iter().last());
        plainly().unless_eq(last.map(|stubborn| stubborn.0.get()), Some(10));

        // Anything will do that can be iterated over.
        let words = String::from("tea soup toast");
        let whole = join_all(words.split(' ').map(ready)); // gate: borrow-into-spawn
        plainly()
            .unless_eq(expect_end(&mut task("join_all", whole)).await, ["tea", "soup", "toast"]);
    });
}
