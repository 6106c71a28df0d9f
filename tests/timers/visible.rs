//! What every learner sees: sleeps end in order, and time is exact.

use std::any::Any;
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use exercise::timers::Loop;
use futures::join;
use kit::{Lab, blame, lab, panic_words, plainly, secs, strict};

/// Much more than a wait of an exercise needs, and far less than a spin.
const MOST_POLLS: usize = 200;

pub fn watched() -> Lab {
    // Who computes on and on is told as `busy-wake`.
    lab().stuck_means("blocking-sleep").alone()
}

/// A sleep that is to end at its time, and is not to be woken without end before.
pub fn nap(on: &Loop, length: Duration) -> impl Future<Output = ()> + 'static {
    let (on, deadline) = (on.clone(), on.now() + length);
    let (mut sleep, mut polls) = (Box::pin(on.sleep(length)), 0);
    poll_fn(move |cx| {
        polls += 1;
        blame("busy-wake")
            .because("polled-often", &[("who", &"A sleep"), ("count", &polls)])
            .unless(polls < MOST_POLLS);
        let polled = sleep.as_mut().poll(cx);
        plainly().because("sleeps-on", &[]).unless(polled.is_ready() || on.now() < deadline);
        polled
    })
}

/// Runs `main` to its end, which must come.
pub fn drive(on: &Loop, main: impl Future<Output = ()> + 'static) {
    virtual_time(on.now());
    // Boxed, so that the loop is compiled once.
    let main: Pin<Box<dyn Future<Output = ()>>> = Box::pin(main);
    if let Err(why) = catch_unwind(AssertUnwindSafe(|| on.block_on(main))) {
        blame("pending-without-waker").because("no-timer-set", &[]).unless(!gave_up(&*why));
        resume_unwind(why);
    }
}

/// Whether this is the panic of a loop that has nothing more to wait for.
fn gave_up(why: &(dyn Any + Send)) -> bool {
    panic_words(why).is_some_and(|words| words.contains("no timer"))
}

/// Lets others have their turn.
pub async fn turn() {
    strict("turn", ()).pending(1).await;
}

/// Fails the test if a loop's clock that says this goes by real time.
#[track_caller]
fn virtual_time(now: Duration) {
    // All sleeps of the tests are of whole milliseconds.
    let is_real = !now.subsec_nanos().is_multiple_of(1_000_000);
    blame("std-instant-under-virtual-clock")
        .because("real-clock", &[("now", &format!("{now:?}"))])
        .unless(!is_real);
}

/// Fails the test unless the loop's clock says this.
#[track_caller]
pub fn clock(on: &Loop, expected: Duration) {
    let now = on.now();
    virtual_time(now);
    plainly()
        .because(
            "clock-differs",
            &[("got", &format!("{now:?}")), ("expected", &format!("{expected:?}"))],
        )
        .unless(now == expected);
}

#[test]
fn sleeps_end_in_the_order_of_their_deadlines() {
    watched().run_sync(|| {
        let on = Loop::new();
        let log: Rc<RefCell<Vec<(&str, u64)>>> = Rc::default();
        for (name, hours) in [("soup", 3), ("tea", 1), ("toast", 2)] {
            let (same, log) = (on.clone(), log.clone());
            on.spawn(async move {
                nap(&same, secs(hours * 3_600)).await;
                clock(&same, secs(hours * 3_600));
                log.borrow_mut().push((name, hours));
            });
        }
        clock(&on, secs(0));
        drive(&on, nap(&on, secs(4 * 3_600)));
        plainly().unless_eq(log.take(), [("tea", 1), ("toast", 2), ("soup", 3)]);
        plainly().unless_eq(on.timers(), 0);
    });
}

#[test]
fn sleeps_at_once_take_as_long_as_the_longest() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            nap(&same, secs(2)).await;
            nap(&same, secs(3)).await;
            clock(&same, secs(5));
            join!(nap(&same, secs(2)), nap(&same, secs(3)), nap(&same, secs(1)));
            blame("sequential-awaits")
                .because("took-too-long", &[("took", &"6s"), ("expected", &"3s")])
                .unless(same.now() != secs(11));
            clock(&same, secs(8));
        });
        // The clock goes on where it was, and each loop has its own.
        clock(&on, secs(8));
        drive(&on, nap(&on, secs(1)));
        clock(&on, secs(9));
        clock(&Loop::new(), secs(0));
    });
}
