//! The rest of the contract: who is woken, in which order, and what becomes of
//! sleeps that nobody awaits to their end.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use exercise::timers::{Loop, Sleep};
use futures::future::{join_all, select};
use futures::join;
use kit::{
    WakeCount, blame, counting_waker, drops_quietly, elsewhere, inline_waker, ms, plainly,
    poll_with, secs,
};

use crate::visible::{clock, drive, nap, turn, watched};

/// A sleep that the test polls itself, to see whom it wakes.
struct ByHand {
    who: &'static str,
    sleep: Pin<Box<Sleep>>,
}

fn by_hand(who: &'static str, sleep: Sleep) -> ByHand {
    ByHand { who, sleep: Box::pin(sleep) }
}

impl ByHand {
    /// Polls it for this task. Its time has not come.
    #[track_caller]
    fn waits(&mut self, (wakes, waker): &(WakeCount, Waker)) {
        let before = wakes.wakes();
        let polled = poll_with(self.sleep.as_mut(), waker);
        plainly().because("not-pending", &[("who", &self.who)]).unless(polled.is_pending());
        blame("busy-wake")
            .because("woken-in-poll", &[("who", &self.who)])
            .unless(wakes.wakes() == before);
    }

    /// Polls it. Its time has come.
    #[track_caller]
    fn is_due(&mut self) {
        let polled = poll_with(self.sleep.as_mut(), Waker::noop());
        plainly().because("not-ready", &[("who", &self.who)]).unless(polled.is_ready());
    }
}

fn not_woken(who: &str) -> kit::Blame {
    blame("pending-without-waker").because("not-woken", &[("who", &who)])
}

#[test]
fn equal_deadlines_wake_all_who_wait_and_the_first_first() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            let on = same;
            // By hand: nobody else has this deadline.
            let tasks = [counting_waker("first task"), counting_waker("second task")];
            let mut sleeps =
                ["first sleep", "second sleep"].map(|who| by_hand(who, on.sleep(secs(1))));
            for (sleep, task) in sleeps.iter_mut().zip(&tasks) {
                sleep.waits(task);
            }
            nap(&on, secs(2)).await;
            let woken = tasks.each_ref().map(|(wakes, _)| wakes.wakes() > 0);
            not_woken("Each sleep").unless(woken != [false, false]);
            blame("single-waker-slot")
                .because("one-of-two-woken", &[("who", &"Two sleeps")])
                .unless(woken == [true, true]);
            sleeps.iter_mut().for_each(ByHand::is_due);

            let log: Rc<RefCell<Vec<usize>>> = Rc::default();
            for n in 0..12 {
                let (same, log) = (on.clone(), log.clone());
                on.spawn(async move {
                    // The same deadline, on different ways.
                    let lengths = if n % 2 == 0 { [ms(700), ms(300)] } else { [ms(300), ms(700)] };
                    let sleep = nap(&same, lengths[0] + lengths[1]);
                    sleep.await;
                    log.borrow_mut().push(n);
                });
            }
            nap(&on, secs(3)).await;
            plainly().unless_eq(log.take(), (0..12).collect::<Vec<_>>());

            // The one that was made first is polled second; the other one twice. And one
            // that came before both has left.
            let mut gone = by_hand("A sleep", on.sleep(secs(1)));
            gone.waits(&counting_waker("task"));
            let order: Arc<Mutex<Vec<&str>>> = Arc::default();
            let [mut soup, mut tea] = ["soup", "tea"].map(|name| {
                let order = order.clone();
                let waker = inline_waker(move || order.lock().unwrap().push(name));
                (by_hand(name, on.sleep(secs(1))), waker)
            });
            for again in [true, false] {
                let (sleep, waker) = &mut tea;
                plainly().unless(poll_with(sleep.sleep.as_mut(), waker).is_pending());
                let (sleep, waker) = &mut soup;
                plainly().unless(!again || poll_with(sleep.sleep.as_mut(), waker).is_pending());
            }
            drop(gone);
            nap(&on, secs(2)).await;
            plainly().unless_eq(order.lock().unwrap().as_slice(), ["tea", "soup"]);
            clock(&on, secs(7));
        });
    });
}

thread_local! {
    /// What the waker of a test does. Wakers may go to other threads, and this may not.
    static ON_WAKE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

#[test]
fn who_is_woken_may_use_the_loop_at_once() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            let on = same;
            let waker = inline_waker(|| {
                if let Some(act) = ON_WAKE.take() {
                    act();
                }
            });
            let mut sleep = by_hand("A sleep", on.sleep(secs(1)));
            plainly().unless(poll_with(sleep.sleep.as_mut(), &waker).is_pending());
            let (here, told) = (on.clone(), Rc::new(Cell::new(None)));
            let tells = told.clone();
            ON_WAKE.set(Some(Box::new(move || {
                let uses_the_loop = || {
                    let _ = (here.now(), here.timers());
                    by_hand("A new sleep", here.sleep(secs(1))).waits(&counting_waker("task"));
                };
                tells.set(Some(catch_unwind(AssertUnwindSafe(uses_the_loop)).is_ok()));
            })));
            nap(&on, secs(2)).await;
            let Some(could) = told.get() else { not_woken("A sleep").now() };
            blame("wake-under-lock").unless(could);
            timers_set(&on, 0);
        });
    });
}

#[test]
fn the_task_that_polled_last_is_woken_when_it_is_due() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            let mut sleep = by_hand("A sleep", same.sleep(secs(3)));
            let (old, new) = (counting_waker("old task"), counting_waker("new task"));
            sleep.waits(&old);
            sleep.waits(&new);
            // Other sleeps end meanwhile; this one has nothing to say to that.
            nap(&same, secs(1)).await;
            nap(&same, secs(1)).await;
            let early = old.0.wakes() + new.0.wakes();
            blame("busy-wake")
                .because("woken-early", &[("who", &sleep.who), ("count", &early)])
                .unless(early == 0);
            nap(&same, secs(2)).await;
            let woken = (old.0.wakes() > 0, new.0.wakes() > 0);
            not_woken(sleep.who).unless(woken != (false, false));
            blame("stale-waker").because("old-task-woken", &[("who", &sleep.who)]).unless(woken.1);
            sleep.is_due();
            clock(&same, secs(4));
        });
    });
}

#[test]
fn what_is_due_is_ready_without_a_wait() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            nap(&same, secs(0)).await;
            clock(&same, secs(0));
            let (late, later) = (same.sleep(secs(1)), same.sleep(secs(2)));
            nap(&same, secs(5)).await;
            by_hand("A sleep whose time is long over", late).is_due();
            by_hand("A sleep of no time", same.sleep(secs(0))).is_due();
            later.await;
            clock(&same, secs(5));
            plainly().unless_eq(same.timers(), 0);
        });
    });
}

#[test]
fn the_time_counts_from_the_call() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            let (sleep, unpolled) = (same.sleep(secs(3)), same.sleep(secs(4)));
            blame("eager-before-poll").unless_eq(same.timers(), 0);
            nap(&same, secs(1)).await;
            sleep.await;
            plainly().because("counts-from-poll", &[]).unless(same.now() != secs(4));
            clock(&same, secs(3));
            drop(unpolled);
            plainly().unless_eq(same.timers(), 0);

            // So far that no clock can tell: it ends nothing, and is in nobody's way.
            let mut for_ever = by_hand("A sleep for ever", same.sleep(Duration::MAX));
            for_ever.waits(&counting_waker("task"));
            nap(&same, secs(1)).await;
            clock(&same, secs(4));
            drop(for_ever);
            timers_set(&same, 0);

            // No length is rounded.
            for length in [Duration::from_nanos(1), Duration::from_micros(1_500)] {
                let end = same.now() + length;
                same.sleep(length).await;
                plainly().unless_eq(same.now(), end);
            }
        });
    });
}

const LEAK: &str = "cancelled-timer-leak";

#[track_caller]
fn timers_set(on: &Loop, expected: usize) {
    let (count, cancelled) = (on.timers(), on.timers().saturating_sub(expected));
    blame(LEAK).because("still-set", &[("count", &cancelled)]).unless(cancelled == 0);
    plainly().unless_eq(count, expected);
}

#[test]
fn a_sleep_that_is_dropped_takes_its_timer_away() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            let on = same;
            // Of three sleeps to the same moment, the one in the middle is dropped.
            let tasks = ["first task", "second task", "third task"].map(counting_waker);
            let mut sleeps = ["first sleep", "second sleep", "third sleep"]
                .map(|who| Some(by_hand(who, on.sleep(secs(10)))));
            for (sleep, task) in sleeps.iter_mut().zip(&tasks) {
                sleep.as_mut().expect("not dropped yet").waits(task);
            }
            plainly().unless_eq(on.timers(), 3);
            sleeps[1] = None;
            timers_set(&on, 2);
            let kept = tasks[1].0.wakers() > 1;
            blame(LEAK).because("waker-kept", &[("who", &"second sleep")]).unless(!kept);

            // A thousand time limits of work that was done in time.
            for _ in 0..1_000 {
                let limited = select(Box::pin(nap(&on, secs(3_600))), Box::pin(nap(&on, ms(1))));
                drop(limited.await);
            }
            clock(&on, secs(1));
            timers_set(&on, 2);

            nap(&on, secs(10)).await;
            let woken = tasks.each_ref().map(|(wakes, _)| wakes.wakes());
            blame(LEAK)
                .because("woken-after-drop", &[("who", &"second sleep")])
                .unless(woken[1] == 0);
            not_woken("A sleep beside one that was dropped").unless(woken[0] > 0 && woken[2] > 0);
            // Due, and still there: it is no timer any more, and dropping it is no matter.
            plainly().unless_eq(on.timers(), 0);
            let other = counting_waker("other task");
            let mut after = by_hand("A new sleep", on.sleep(secs(1)));
            after.waits(&other);
            drop(sleeps);
            plainly().unless_eq(on.timers(), 1);

            // Two of the same task, to the same moment: one of them is enough to wake it.
            let mut both = ["A sleep", "Its twin"].map(|who| by_hand(who, on.sleep(secs(1))));
            both.iter_mut().for_each(|sleep| sleep.waits(&other));
            let count = on.timers();
            let [gone, mut stays] = both;
            drop((after, gone));
            nap(&on, secs(2)).await;
            not_woken("A sleep beside one that was dropped").unless(other.0.wakes() > 0);
            stays.is_due();
            plainly().unless_eq(count, 3);
        });
        timers_set(&on, 0);
        clock(&on, secs(13));
    });
}

#[test]
fn tasks_that_are_left_take_their_timers_along() {
    watched().run_sync(|| {
        let on = Loop::new();
        for _ in 0..3 {
            on.spawn(nap(&on, secs(3_600)));
        }
        drive(&on, nap(&on, secs(1)));
        timers_set(&on, 0);
        drive(&on, nap(&on, secs(1)));
        clock(&on, secs(2));
    });
}

#[test]
fn one_sleep_is_one_timer_however_often_it_is_polled() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            let task = counting_waker("task");
            let mut sleep = by_hand("A sleep", same.sleep(secs(2)));
            for _ in 0..5 {
                sleep.waits(&task);
            }
            let count = same.timers();
            plainly().because("timers-piled-up", &[("count", &count)]).unless(count <= 1);
            plainly().unless_eq(count, 1);

            // Polled along with another one that has many turns.
            let here = same.clone();
            let busy = async move {
                for _ in 0..100 {
                    turn().await;
                }
                here.timers()
            };
            let mut both = (Box::pin(nap(&same, secs(1))), Box::pin(busy));
            let mut count = None;
            poll_fn(|cx| {
                if count.is_none()
                    && let Poll::Ready(timers) = both.1.as_mut().poll(cx)
                {
                    count = Some(timers);
                }
                both.0.as_mut().poll(cx)
            })
            .await;
            let count = count.unwrap_or_default();
            plainly()
                .because("timers-piled-up", &[("count", &count.saturating_sub(1))])
                .unless(count <= 2);
            clock(&same, secs(1));
            drop((sleep, both));
            timers_set(&same, 0);
        });
    });
}

#[test]
fn time_stands_still_while_a_task_is_ready() {
    watched().run_sync(|| {
        let on = Loop::new();
        let turns = Rc::new(Cell::new(0));
        let (same, count) = (on.clone(), turns.clone());
        on.spawn(async move {
            for _ in 0..500 {
                clock(&same, secs(0));
                turn().await;
                count.set(count.get() + 1);
            }
            nap(&same, ms(1)).await;
            clock(&same, ms(1));
        });
        let same = on.clone();
        drive(&on, async move {
            join!(nap(&same, ms(1)), nap(&same, secs(1)));
            plainly().unless_eq(turns.get(), 500);
            clock(&same, secs(1));
        });
    });
}

#[test]
fn many_sleeps_end_each_at_its_time() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            let each = (0..200_u64).map(|n| {
                let on = same.clone();
                async move {
                    let (first, then) = (ms(n * 7_919 % 1_000), ms(n * 104_729 % 1_000));
                    nap(&on, first).await;
                    clock(&on, first);
                    nap(&on, then).await;
                    clock(&on, first + then);
                    first + then
                }
            });
            let ends: Vec<_> = join_all(each).await;
            let last = ends.into_iter().max().unwrap_or_default();
            clock(&same, last);
            plainly().unless_eq(same.timers(), 0);
        });
    });
}

#[test]
fn who_waits_for_nothing_is_told_by_a_panic() {
    watched().run_sync(|| {
        let on = Loop::new();
        let got_there = Rc::new(Cell::new(false));
        let (same, there) = (on.clone(), got_there.clone());
        let main: Pin<Box<dyn Future<Output = ()>>> = Box::pin(async move {
            nap(&same, secs(1)).await;
            // The time limit is over with the work, and nothing to wait for.
            let (limit, work) = (nap(&same, secs(3_600)), nap(&same, secs(1)));
            drop(select(Box::pin(limit), Box::pin(work)).await);
            there.set(true);
            // Nobody has polled it: so it is nothing to wait for, either.
            let _unpolled = same.sleep(secs(1));
            pending().await
        });
        let Err(why) = catch_unwind(AssertUnwindSafe(|| on.block_on(main))) else {
            plainly().because("waits-for-nothing", &[]).now()
        };
        // What was before that is another matter.
        if !got_there.get() {
            resume_unwind(why);
        }
        blame("eager-before-poll")
            .because("clock-differs", &[("got", &format!("{:?}", on.now())), ("expected", &"2s")])
            .unless(on.now() != secs(3));
        clock(&on, secs(2));
    });
}

#[test]
fn sleeps_and_wakers_may_outlive_their_loop() {
    watched().run_sync(|| {
        let on = Loop::new();
        let kept: Rc<RefCell<Vec<Pin<Box<Sleep>>>>> = Rc::default();
        let late: Rc<RefCell<Option<Waker>>> = Rc::default();
        let (same, keep, waker) = (on.clone(), kept.clone(), late.clone());
        drive(&on, async move {
            let on = same;
            // Never polled; polled and due; polled and not due.
            let mut sleeps = [1, 9, 9].map(|n| Box::pin(on.sleep(secs(n))));
            poll_fn(|cx| {
                *waker.borrow_mut() = Some(cx.waker().clone());
                for sleep in &mut sleeps[..2] {
                    let _ = sleep.as_mut().poll(cx);
                }
                Poll::Ready(())
            })
            .await;
            nap(&on, secs(2)).await;
            keep.borrow_mut().extend(sleeps);
        });
        drop(on);
        let waker = late.take().expect("it was polled");
        waker.wake_by_ref();
        plainly().unless(elsewhere(move || waker.wake()).join().is_ok());
        // One by one: two panics at once would end the process.
        let panics = kept.take().into_iter().map(drops_quietly).filter(|calm| !calm);
        plainly().because("drop-panicked", &[]).unless(panics.count() == 0);
    });
}
