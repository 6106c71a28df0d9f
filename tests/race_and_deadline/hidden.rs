//! The rest of the contract: who is polled, who wakes, what is left.

use std::cell::Cell;
use std::future::{pending, ready};
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use exercise::race_and_deadline::{Either, deadline, race};
use kit::{
    Blame, Mock, Strict, Tally, Token, alive_tasks, blame, by_hand, counting_waker, gate, in_time,
    mock, ms, no_tasks_left, plainly, require_send, secs, strict, timed, took,
};
use pin_project_lite::pin_project;
use tokio::time::sleep;

use crate::visible::watched;

/// Something to be polled by hand. Boxed, so that what follows is compiled once for
/// each result and not for each future.
type Task<'a, T> = Mock<Pin<Box<dyn Future<Output = T> + 'a>>>;

fn task<'a, T>(who: &str, future: impl Future<Output = T> + 'a) -> Task<'a, T> {
    mock(who, Box::pin(future))
}

/// A right answer may go in steps and ask for its next turn itself. But not for ever.
const MOST_TURNS: usize = 100;

/// Polls until it is ready, or has nothing more to do.
async fn settled<T>(task: &mut Task<'_, T>) -> Poll<T> {
    match kit::settled(task, MOST_TURNS).await {
        Some(polled) => polled,
        None => blame("busy-wake").because("poll-cap", &[("count", &MOST_TURNS)]).now(),
    }
}

/// Polls until there is nothing more to do; that must not be the end.
async fn expect_wait<T>(task: &mut Task<'_, T>) {
    let waits = settled(task).await.is_pending();
    plainly().because("not-pending", &[("who", &task.label())]).unless(waits);
}

/// Polls until it is ready, as it could be.
async fn expect_end<T>(task: &mut Task<'_, T>) -> T {
    match settled(task).await {
        Poll::Ready(output) => output,
        // Had it all that it needs? Then somebody should have said so.
        Poll::Pending if task.poll().is_ready() => not_woken(task.label()).now(),
        Poll::Pending => plainly().because("not-ready", &[("who", &task.label())]).now(),
    }
}

fn not_woken(who: &str) -> Blame {
    blame("pending-without-waker").because("not-woken", &[("who", &who)])
}

fn unpolled(part: &str) -> Blame {
    let names: [(&str, &dyn std::fmt::Display); 2] = [("who", &"race"), ("part", &part)];
    blame("skipped-registration").because("part-unpolled", &names)
}

/// Who won, with what.
fn told<T>(winner: Either<T, T>) -> (&'static str, T) {
    match winner {
        Either::Left(output) => ("Left", output),
        Either::Right(output) => ("Right", output),
    }
}

#[test]
fn neither_is_polled_at_the_call_and_either_wakes_the_task() {
    watched().run(async {
        for side in ["Left", "Right"] {
            let (open_a, a) = gate("a");
            let (open_b, b) = gate("b");
            let watches = [("a", a.watch()), ("b", b.watch())];
            let both = race(a, b); // gate: moved-after-first-poll
            let mut both = task("race", both); // gate: moved-after-first-poll
            for (part, watch) in &watches {
                blame("eager-before-poll")
                    .because("polled-at-the-call", &[("who", &"race"), ("part", part)])
                    .unless(watch.polls() == 0);
            }
            // Polled once more for nothing: that must not do any harm.
            for _ in 0..2 {
                expect_wait(&mut both).await;
                for (part, watch) in &watches {
                    unpolled(part).unless(watch.polls() > 0);
                }
            }
            match side {
                "Left" => open_a.open(1),
                _ => open_b.open(1),
            }
            not_woken("race").unless(both.is_woken());
            plainly().unless_eq(told(expect_end(&mut both).await), (side, 1));
        }
    });
}

#[test]
fn the_task_that_polled_last_is_woken() {
    watched().run(async {
        for side in ["a", "b"] {
            let (open_a, a) = gate("a");
            let (open_b, b) = gate("b");
            let mut both = Box::pin(race(a, b)); // gate: moved-after-first-poll
            let (old, old_waker) = counting_waker("old task");
            let (new, new_waker) = counting_waker("new task");
            for (count, waker) in [(&old, &old_waker), (&new, &new_waker)] {
                let mut lent = by_hand(both.as_mut(), (count, waker));
                let ended =
                    matches!(kit::settled(&mut lent, MOST_TURNS).await, Some(Poll::Ready(_)));
                plainly().because("not-pending", &[("who", &"race")]).unless(!ended);
            }
            let before = (old.wakes(), new.wakes());
            match side {
                "a" => open_a.open(1),
                _ => open_b.open(1),
            }
            let woken = (old.wakes() > before.0, new.wakes() > before.1);
            not_woken("race").unless(woken != (false, false));
            blame("stale-waker").because("old-task-woken", &[("who", &"race")]).unless(woken.1);
        }
    });
}

#[test]
fn a_runner_that_wakes_the_task_in_its_poll_is_asked_again() {
    watched().run(async {
        for side in ["Left", "Right"] {
            // It lets others go first, twice.
            let polite: Pin<Box<dyn Future<Output = u32>>> = Box::pin(strict("a", 1).pending(2));
            let other: Pin<Box<dyn Future<Output = u32>>> = Box::pin(pending());
            let (a, b) = if side == "Left" { (polite, other) } else { (other, polite) };
            let Poll::Ready(winner) = settled(&mut task("race", race(a, b))).await else {
                blame("pending-without-waker").because("not-ready", &[("who", &"race")]).now()
            };
            plainly().unless_eq(told(winner), (side, 1));
        }
    });
}

pin_project! {
    /// A runner that holds something, also when it is over: until it is dropped.
    struct Loaded {
        #[pin]
        future: Strict<u32>,
        token: Token,
    }
}

impl Future for Loaded {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        self.project().future.poll(cx)
    }
}

#[test]
fn left_wins_when_both_are_ready() {
    watched().run(async {
        let losers = Tally::of("losers");
        // Often: whoever tosses a coin is right now and then.
        for _ in 0..50 {
            let loser = Loaded { future: strict("b", 2), token: losers.token() };
            let mut at_once = task("race", race(strict("a", 1), loser));
            plainly().unless_eq(told(expect_end(&mut at_once).await), ("Left", 1));
            // Polled or not, and over or not: it has lost.
            losers.should_live(0, "loser-kept-alive");

            let (open_a, a) = gate("a");
            let (open_b, b) = gate("b");
            let mut both = task("race", race(a, Loaded { future: b, token: losers.token() }));
            expect_wait(&mut both).await;
            open_b.open(2);
            open_a.open(1);
            plainly().unless_eq(told(expect_end(&mut both).await), ("Left", 1));
            losers.should_live(0, "loser-kept-alive");
        }
    });
}

/// A future that holds something for as long as it lives.
fn holding<T: 'static>(
    tally: &Tally,
    future: impl Future<Output = T> + Send + 'static,
) -> Pin<Box<dyn Future<Output = T> + Send>> {
    let token = tally.token();
    Box::pin(async move {
        let _token = token;
        future.await
    })
}

#[test]
fn the_loser_is_gone_when_the_race_is_decided() {
    watched().run(async {
        // Decided in the first poll, or in a later one.
        for polls in [1, 2] {
            for side in ["Left", "Right"] {
                let losers = Tally::of("losers");
                let loser = holding(&losers, pending());
                let (open, winner) = gate("winner");
                let winner: Pin<Box<dyn Future<Output = u32> + Send>> = Box::pin(winner);
                let (a, b) = if side == "Left" { (winner, loser) } else { (loser, winner) };
                let mut both = task("race", race(a, b));
                if polls == 2 {
                    expect_wait(&mut both).await;
                }
                open.open(7);
                plainly().unless_eq(told(expect_end(&mut both).await), (side, 7));
                // `both` is still here: it must have let go of the loser by itself.
                losers.should_live(0, "loser-kept-alive");
            }
        }
        // Dropped before there is a winner, it drops both.
        let runners = Tally::of("runners");
        let mut both = task(
            "race",
            race(holding(&runners, pending::<()>()), holding(&runners, pending::<()>())),
        );
        expect_wait(&mut both).await;
        drop(both);
        runners.should_live(0, "loser-kept-alive");
    });
}

/// Why a deadline did not end its wait, although its time was up. None if that
/// has no name.
async fn why_late() -> Option<&'static str> {
    if settled(&mut task("race", race(ready(()), pending::<()>()))).await.is_pending() {
        return None; // the race waits for both
    }
    let forever = |limit| task("deadline", deadline(limit, pending::<()>()));
    // Some real time goes by, and no virtual time at all. Whoever measures the
    // one where the other is meant says that the time is up.
    let mut real = forever(ms(1));
    let _ = settled(&mut real).await;
    std::thread::sleep(ms(20));
    if real.poll().is_ready() {
        return Some("std-instant-under-virtual-clock");
    }
    // A time that is up at once needs no wake: so is there any clock at all?
    let ended = settled(&mut forever(ms(0))).await.is_ready();
    Some(if ended { "subfuture-recreated" } else { "skipped-registration" })
}

/// Tells why a wait has not ended, although its time was up.
async fn not_ended<T>(wait: &mut Task<'_, T>, limit: &str) {
    // Late, or never? More of this time costs nothing.
    sleep(secs(7_200)).await;
    let why = if wait.is_woken() { None } else { why_late().await };
    let check = why.map_or_else(plainly, blame);
    check.because("time-not-up", &[("who", &wait.label()), ("limit", &limit)]).now();
}

#[test]
fn the_clock_itself_wakes_the_task() {
    watched().run(async {
        // Once left alone until the time is up, and once polled too early.
        for early in [false, true] {
            let mut wait = task("deadline", deadline(secs(3), pending::<()>()));
            expect_wait(&mut wait).await;
            if early {
                sleep(secs(2)).await;
                expect_wait(&mut wait).await;
                sleep(ms(1_001)).await;
            } else {
                sleep(ms(3_001)).await;
            }
            let woken = wait.is_woken();
            let ended = settled(&mut wait).await.map(|result| result.map_err(|_| "Elapsed"));
            if ended.is_pending() {
                not_ended(&mut wait, "3s").await;
            }
            not_woken("deadline").unless(woken);
            plainly().unless_eq(ended, Poll::Ready(Err("Elapsed")));
        }
        // Begun in one task, and gone on in another.
        let mut wait = Box::pin(deadline(secs(3), pending::<()>()));
        let (old, old_waker) = counting_waker("old task");
        let (new, new_waker) = counting_waker("new task");
        let mut before = Vec::new();
        for (count, waker) in [(&old, &old_waker), (&new, &new_waker)] {
            let mut lent = by_hand(wait.as_mut(), (count, waker));
            let ended = matches!(kit::settled(&mut lent, MOST_TURNS).await, Some(Poll::Ready(_)));
            plainly().because("not-pending", &[("who", &"deadline")]).unless(!ended);
            before.push(count.wakes());
            sleep(secs(1)).await;
        }
        // Too early is no harm here: it has not been polled since.
        sleep(ms(1_001)).await;
        let woken = (old.wakes() > before[0], new.wakes() > before[1]);
        not_woken("deadline").unless(woken != (false, false));
        blame("stale-waker").because("old-task-woken", &[("who", &"deadline")]).unless(woken.1);
    });
}

#[test]
fn a_result_at_the_last_instant_is_in_time() {
    watched().run(async {
        for limit in [ms(0), ms(1), secs(2)] {
            for _ in 0..10 {
                let result = deadline(limit, async {
                    sleep(limit).await;
                    "page"
                });
                let (result, time) = timed(result).await;
                took(time).should_be(limit);
                plainly().unless_eq(result.map_err(|_| "Elapsed"), Ok("page"));
            }
        }
        for _ in 0..10 {
            let now = in_time(secs(60), deadline(Duration::ZERO, pending::<()>())).await;
            plainly().unless_eq(now.map(|now| now.is_err()), Some(true));
            let now = deadline(Duration::ZERO, ready("page")).await;
            plainly().unless_eq(now.map_err(|_| "Elapsed"), Ok("page"));
        }
    });
}

#[test]
fn the_time_runs_from_the_first_poll() {
    watched().run(async {
        let page = async || {
            sleep(secs(2)).await;
            "page"
        };
        let (result, time) = timed(deadline(secs(3), page())).await;
        plainly().unless_eq(result.map_err(|_| "Elapsed"), Ok("page"));
        plainly().unless_eq(time, secs(2));
        sleep(ms(1)).await; // for the runtime, to drop what was aborted
        let before = alive_tasks();
        let unpolled = deadline(secs(3), page());
        let count = alive_tasks();
        blame("eager-before-poll")
            .because("tasks-alive", &[("count", &count), ("expected", &before)])
            .unless(count == before);
        sleep(secs(10)).await;
        let (result, time) = timed(unpolled).await;
        blame("eager-before-poll").unless_eq(result.map_err(|_| "Elapsed"), Ok("page"));
        took(time).faster_means("eager-before-poll").should_be(secs(2));
    });
}

#[test]
fn when_the_wait_is_over_nothing_is_left_of_it() {
    // Naps of a millisecond are no stillness; but a thread that sleeps ends none of them.
    watched().stuck_means("blocking-task-uncancellable").run(async {
        for end in ["in time", "too late", "dropped"] {
            let futures = Tally::of("futures");
            let (open, page) = gate("page");
            let waited = deadline(secs(3_600), holding(&futures, page));
            let mut waited = task("deadline", waited);
            expect_wait(&mut waited).await;
            let kept = match end {
                "in time" => {
                    open.open("page");
                    not_woken("deadline").unless(waited.is_woken());
                    plainly().unless_eq(
                        expect_end(&mut waited).await.map_err(|_| "Elapsed"),
                        Ok("page"),
                    );
                    Some(waited)
                }
                "too late" => {
                    sleep(ms(3_600_001)).await;
                    let late = settled(&mut waited).await;
                    if late.is_pending() {
                        not_ended(&mut waited, "1h").await;
                    }
                    plainly().unless(matches!(late, Poll::Ready(Err(_))));
                    drop(open); // it has the waker as well
                    Some(waited)
                }
                _ => {
                    drop(waited);
                    None
                }
            };
            futures.should_live(0, "loser-kept-alive");
            // Time for the runtime to drop what was aborted, and for nothing else.
            sleep(ms(1)).await;
            no_tasks_left("dropped-handle-detaches");
            // A timer has the waker of the task for as long as it runs.
            blame("loser-kept-alive")
                .because("timer-kept", &[("who", &"deadline")])
                .unless(kept.is_none_or(|waited| waited.wakers() == 0));
        }
    });
}

/// A borrow. Not Clone, not Debug, not Send, and not Unpin.
struct Stubborn<'a>(&'a Cell<u32>, PhantomPinned);

#[test]
fn futures_and_results_of_any_type_will_do() {
    watched().run(async {
        // What may change threads still may when it is in a race.
        let both = race(gate::<u32>("a").1, gate::<u32>("b").1);
        require_send(&both); // gate: non-send-across-await
        let waited = deadline(secs(1), gate::<u32>("page").1);
        require_send(&waited); // gate: non-send-across-await

        let word = String::from("page");
        let both = race(ready(word.as_str()), pending::<()>()); // gate: borrow-into-spawn
        let waited = deadline(secs(1), ready(word.as_str())); // gate: borrow-into-spawn
        drop((both, waited));

        // What borrows may not be given to a task; nor may it leave its thread.
        let cell = Cell::new(1);
        let stubborn = async || Stubborn(&cell, PhantomPinned);
        let both = race(stubborn(), ready(cell.get())); // gate: borrow-into-spawn
        match expect_end(&mut task("race", both)).await {
            Either::Left(value) => value.0.set(2),
            Either::Right(_) => plainly().now(),
        }
        let waited = deadline(secs(1), stubborn()); // gate: borrow-into-spawn
        let value = expect_end(&mut task("deadline", waited)).await;
        plainly().unless_eq(value.ok().map(|value| value.0.get()), Some(2));
    });
}
