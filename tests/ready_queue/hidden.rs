//! The rest of the contract: who is polled and in which order, who sleeps, who
//! is woken, what is left behind.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::task::{Poll, Waker};
use std::time::Duration;

use exercise::ready_queue::{Cancelled, Handle, Loop};
use kit::{
    Blame, Log, Opener, Tally, alarm, blame, counting_waker, early_wake, elsewhere, gate,
    inline_waker, lab, ms, narrow_wakes, panic_words, plainly, poll_with, strict,
};

use crate::visible::{Local, drive, task, turn, watched};

/// Enough turns for whoever was woken, also where that takes another turn or two.
async fn turns() {
    for _ in 0..5 {
        turn().await;
    }
}

fn about(check: Blame, key: &str, who: &str) -> Blame {
    check.because(key, &[("who", &who)])
}

const ORDER: [usize; 10] = [7, 2, 9, 0, 4, 1, 8, 3, 6, 5];

#[test]
fn the_first_to_be_woken_is_the_first_to_be_polled() {
    watched().run_sync(|| {
        let (on, log) = (Loop::new(), Log::new());
        let say = |line: &'static str| {
            let log = log.clone();
            async move { log.add(line) }
        };
        let _early = [task(&on, say("first")), task(&on, say("second"))];
        let main: Local<()> = Box::pin(say("main"));
        on.block_on(main);
        plainly().unless_eq(log.lines(), ["first", "second", "main"]);

        let (on, log) = (Loop::new(), Log::new());
        let mut openers = Vec::new();
        let tasks = (0..ORDER.len()).map(|n| {
            let (opener, gate) = gate(&format!("task {n}"));
            openers.push(Some(opener));
            let log = log.clone();
            task(&on, async move {
                gate.await;
                log.add(n.to_string());
                turn().await;
                log.add(n.to_string());
            })
        });
        let tasks: Vec<_> = tasks.collect();
        drive(&on, async move {
            turns().await;
            for n in ORDER {
                openers[n].take().expect("each opens once").open(());
            }
            for task in tasks {
                plainly().unless_eq(task.await, Ok(()));
            }
        });
        let twice: Vec<_> = ORDER.iter().chain(&ORDER).map(usize::to_string).collect();
        plainly().unless_eq(log.lines(), twice);

        // In one turn main wakes one, spawns one, and wakes another.
        let (on, log) = (Loop::new(), Log::new());
        let mut openers = Vec::new();
        let mut tasks: Vec<_> = ["woken before", "woken after"]
            .map(|line| {
                let (opener, gate) = gate(line);
                openers.push(opener);
                let log = log.clone();
                task(&on, async move {
                    gate.await;
                    log.add(line);
                })
            })
            .into();
        let (same, says) = (on.clone(), log.clone());
        drive(&on, async move {
            turns().await;
            let (one, other) = (openers.remove(0), openers.remove(0));
            one.open(());
            tasks.push(task(&same, async move { says.add("spawned") }));
            other.open(());
            for task in tasks {
                plainly().unless_eq(task.await, Ok(()));
            }
        });
        plainly().unless_eq(log.lines(), ["woken before", "spawned", "woken after"]);
    });
}

#[test]
fn only_who_was_woken_is_polled() {
    watched().run_sync(|| {
        let on = Loop::new();
        let mut openers: Vec<Opener<()>> = Vec::new();
        let (mut watches, mut handles) = (Vec::new(), Vec::new());
        for n in 0..6 {
            let (opener, gate) = gate(&format!("task {n}"));
            openers.push(opener);
            watches.push(gate.watch());
            handles.push(task(&on, gate));
        }
        let polled = move |expected: &[usize]| {
            for (n, (watch, most)) in watches.iter().zip(expected).enumerate() {
                let (who, count) = (format!("task {n}"), watch.polls());
                about(plainly(), "not-polled", &who).unless(count >= *most);
                blame("poll-everything")
                    .because("polled-unwoken", &[("who", &who), ("count", &(count - most))])
                    .unless(count == *most);
            }
        };
        drive(&on, async move {
            let _handles = handles;
            for _ in 0..50 {
                turn().await;
            }
            polled(&[1, 1, 1, 1, 1, 1]);
            openers.remove(4).open(());
            turns().await;
            polled(&[1, 1, 1, 1, 2, 1]);
            openers.remove(0).open(());
            turns().await;
            polled(&[2, 1, 1, 1, 2, 1]);
        });
        // The same goes for main.
        let (opener, main) = gate("main");
        let watch = main.watch();
        let _opens = task(&on, async move {
            for _ in 0..20 {
                turn().await;
            }
            opener.open(7);
        });
        plainly().unless_eq(on.block_on(main), 7);
        let unasked = watch.polls().saturating_sub(2);
        blame("poll-everything")
            .because("polled-unwoken", &[("who", &"main"), ("count", &unasked)])
            .unless(unasked == 0);
    });
}

/// Counts its polls, keeps the waker of the latest, and wakes itself so often.
#[derive(Default)]
struct Bell {
    polls: Cell<usize>,
    waker: RefCell<Option<Waker>>,
}

impl Bell {
    fn ring_in_poll(self: &Rc<Self>, times: usize) -> impl Future<Output = ()> + 'static {
        let this = self.clone();
        let mut left = times;
        poll_fn(move |cx| {
            this.polls.set(this.polls.get() + 1);
            *this.waker.borrow_mut() = Some(cx.waker().clone());
            for _ in 0..std::mem::take(&mut left) {
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        })
    }

    #[track_caller]
    fn polled(&self, who: &str, expected: usize) {
        let count = self.polls.get();
        about(blame("wake-lost-before-park"), "wake-unheard", who).unless(count >= expected);
        blame("poll-everything")
            .because("polled-twice", &[("who", &who), ("count", &(count - expected + 1))])
            .unless(count == expected);
    }
}

#[test]
fn several_wakes_before_its_turn_are_one() {
    watched().run_sync(|| {
        let on = Loop::new();
        let (one, other) = (Rc::new(Bell::default()), Rc::new(Bell::default()));
        let handles = [task(&on, one.ring_in_poll(0)), task(&on, other.ring_in_poll(3))];
        drive(&on, async move {
            let _handles = handles;
            turns().await;
            one.polled("one task", 1);
            other.polled("the other task", 2);
            for expected in [2, 3] {
                let waker = one.waker.take().expect("it was polled");
                let another = waker.clone();
                waker.wake_by_ref();
                another.wake();
                waker.wake();
                turns().await;
                one.polled("one task", expected);
            }
            other.polled("the other task", 2);
        });
    });
}

/// Does something when it is dropped. A panic in there is kept for later: one more
/// while others are being dropped would end the process.
struct OnDrop {
    action: Option<Box<dyn FnOnce()>>,
    panicked: Rc<Cell<bool>>,
}

fn on_drop(panicked: &Rc<Cell<bool>>, action: impl FnOnce() + 'static) -> OnDrop {
    OnDrop { action: Some(Box::new(action)), panicked: panicked.clone() }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        let action = self.action.take().expect("dropped once");
        if catch_unwind(AssertUnwindSafe(action)).is_err() {
            self.panicked.set(true);
        }
    }
}

async fn held<T: 'static>(with: T) {
    let _held = with;
    pending().await
}

#[test]
fn a_task_may_use_the_loop_when_polled_and_when_dropped() {
    watched().run_sync(|| {
        let (on, log) = (Loop::new(), Log::new());
        let panicked = Rc::new(Cell::new(false));
        let same = on.clone();
        let (noted, drops) = (log.clone(), panicked.clone());
        drive(&on, async move {
            let on = same;
            // One that spawns one that spawns one, and waits.
            let here = on.clone();
            let outer = task(&on, async move {
                let there = here.clone();
                let inner = task(&here, async move { task(&there, strict("task", 7)).await });
                inner.await
            });
            plainly().unless_eq(outer.await, Ok(Ok(Ok(7))));

            // Alive are those who are not ready; also the one who asks.
            plainly().unless_eq(on.alive(), 1);
            let here = on.clone();
            let asks = task(&on, async move { here.alive() });
            plainly().unless_eq(on.alive(), 2);
            plainly().unless_eq(asks.await, Ok(2));
            plainly().unless_eq(on.alive(), 1);

            // Aborted, and its last word is another task.
            let (here, log) = (on.clone(), log.clone());
            let kept: Rc<RefCell<Option<Handle<()>>>> = Rc::default();
            let keep = kept.clone();
            let last_word = on_drop(&drops, move || {
                *keep.borrow_mut() = Some(task(&here, async move { log.add("spawned in a drop") }));
            });
            let speaks = task(&on, held(last_word));
            turns().await;
            speaks.abort();
            plainly().unless_eq(speaks.await, Err(Cancelled));
            turns().await;
            about(plainly(), "loop-in-drop", "The task").unless(!drops.get());
            drop(kept);
        });
        about(plainly(), "loop-in-drop", "The task").unless(!panicked.get());
        plainly().unless_eq(noted.lines(), ["spawned in a drop"]);
    });
}

thread_local! {
    /// What the waker of a test does. Wakers may go to other threads, and this may not.
    static ON_WAKE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// What a handle said when it was polled inside of its wake.
struct InItsWake(Rc<RefCell<Option<std::thread::Result<Polled>>>>);

type Polled = Poll<Result<u32, Cancelled>>;

/// Polls a handle, and once more as soon as it wakes.
fn asks_when_woken(handle: Handle<u32>) -> InItsWake {
    let mut handle: Local<Result<u32, Cancelled>> = Box::pin(handle);
    let waker = inline_waker(|| {
        if let Some(act) = ON_WAKE.take() {
            act();
        }
    });
    let polled = poll_with(handle.as_mut(), &waker);
    about(plainly(), "not-pending", "The handle").unless(polled.is_pending());
    let answer = Rc::new(RefCell::new(None));
    let told = answer.clone();
    ON_WAKE.set(Some(Box::new(move || {
        // A panic in here is told later: the wake may come out of a drop.
        let asks = || poll_with(handle.as_mut(), Waker::noop());
        *told.borrow_mut() = Some(catch_unwind(AssertUnwindSafe(asks)));
    })));
    InItsWake(answer)
}

impl InItsWake {
    #[track_caller]
    fn should_be(self, end: Result<u32, Cancelled>) {
        let Some(answer) = self.0.take() else {
            about(blame("pending-without-waker"), "not-woken", "The handle").now()
        };
        match answer {
            Ok(polled) => plainly().unless_eq(polled, Poll::Ready(end)),
            Err(_) => blame("wake-under-lock").now(),
        }
    }
}

/// A loop that gives many turns between two looks at main is right, too.
const MOST_AFTER_MAIN: usize = 1_000;

/// Long before that, main has had its turns.
const MOST_IN_ALL: usize = 20_000;

#[test]
fn what_is_left_when_main_is_ready_is_dropped() {
    watched().wait_means("wake-under-lock").run_sync(|| {
        let (on, tally) = (Loop::new(), Tally::of("futures"));
        let panicked = Rc::new(Cell::new(false));
        let is_over = Rc::new(Cell::new(false));

        // Ready at once, and ready for ever: no reason to go on.
        let (over, mut polls, mut since) = (is_over.clone(), 0, 0);
        let token = tally.token();
        let restless = task(
            &on,
            poll_fn(move |cx| {
                let _held = &token;
                polls += 1;
                plainly()
                    .because("no-other-turn", &[("count", &polls)])
                    .unless(polls < MOST_IN_ALL);
                since += usize::from(over.get());
                blame("leftover-tasks-after-main")
                    .because("polled-after-main", &[("count", &since)])
                    .unless(since < MOST_AFTER_MAIN);
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            }),
        );
        // Waits, while its waker lives on elsewhere.
        let bell = Rc::new(Bell::default());
        let (token, rings) = (tally.token(), bell.ring_in_poll(0));
        let waits = task(&on, async move {
            let _held = token;
            rings.await;
        });
        // Holds the loop that holds it.
        let mut circle = Box::pin(task(&on, held((on.clone(), tally.token()))));
        // Somebody waits for that, and is to hear of it.
        let (wakes, waker) = counting_waker("task of another loop");
        let polled = poll_with(circle.as_mut(), &waker);
        about(plainly(), "not-pending", "The handle of a task").unless(polled.is_pending());
        // Aborts a task when it is dropped, and begins another one.
        let (here, token) = (on.clone(), tally.token());
        let busy = task(
            &on,
            held(on_drop(&panicked, move || {
                waits.abort();
                drop(task(&here, held(token)));
            })),
        );

        // Who waits for this one asks at once.
        let token = tally.token();
        let asked = asks_when_woken(task(&on, async move {
            held(token).await;
            7
        }));

        let same = on.clone();
        let token = tally.token();
        drive(&on, async move {
            turns().await;
            // Never polled.
            let _unpolled = task(&same, held(token));
            is_over.set(true);
        });
        tally.should_live(0, "leftover-tasks-after-main");
        about(plainly(), "loop-in-drop", "A task that was left").unless(!panicked.get());
        blame("leftover-tasks-after-main")
            .because("still-counted", &[("count", &on.alive())])
            .unless(on.alive() == 0);
        drop(bell);

        // Their handles know, and the loop can be used again.
        const WHO: &str = "The handle of a task that was left";
        about(blame("pending-without-waker"), "not-woken", WHO).unless(wakes.wakes() > 0);
        asked.should_be(Err(Cancelled));
        for mut handle in [Box::pin(restless), circle, Box::pin(busy)] {
            let polled = poll_with(handle.as_mut(), &waker);
            about(plainly(), "not-ready", WHO).unless(polled.is_ready());
            plainly().unless_eq(polled, Poll::Ready(Err(Cancelled)));
        }
        let same = on.clone();
        drive(&on, async move {
            plainly().unless_eq(task(&same, strict("task", 7)).await, Ok(7));
        });
    });
}

#[test]
fn a_task_that_is_ready_is_dropped_at_once() {
    watched().run_sync(|| {
        let (on, tally) = (Loop::new(), Tally::of("futures"));
        let (here, token) = (on.clone(), tally.token());
        drive(&on, async move {
            // Bound to this thread, and so is what it gives.
            let cell = Rc::new(Cell::new(7));
            let same = cell.clone();
            let mut turn = Box::pin(turn());
            let bound: Local<Rc<Cell<i32>>> = Box::pin(poll_fn(move |cx| {
                let _held = &token;
                turn.as_mut().poll(cx).map(|()| same.clone())
            }));
            let bound = here.spawn(bound); // gate: borrow-into-spawn
            let given = bound.await;
            tally.should_live_plainly(0);
            plainly().unless(given.is_ok_and(|given| Rc::ptr_eq(&given, &cell)));
        });
    });
}

/// Leaves its waker, and is done after so many polls.
fn leaves_its_waker(
    at: &Rc<RefCell<Vec<Waker>>>,
    inner: impl Future<Output = ()> + 'static,
) -> Local<()> {
    let (at, mut inner) = (at.clone(), Box::pin(inner));
    Box::pin(poll_fn(move |cx| {
        at.borrow_mut().push(cx.waker().clone());
        inner.as_mut().poll(cx)
    }))
}

/// A task has ended. What is left of it, its waker and its `abort`, is not for those
/// that come after it.
async fn nobody_takes_its_place(on: &Loop, waker: Waker, abort: impl FnOnce()) {
    let gates = [0, 1, 2].map(|n| (n, gate(&format!("new task {n}"))));
    let new = gates.map(|(n, (opener, gate))| (n, opener, gate.watch(), task(on, gate)));
    turns().await;
    waker.wake();
    turns().await;
    for (n, _, watch, _) in &new {
        let unasked = watch.polls().saturating_sub(1);
        blame("poll-everything")
            .because("polled-unwoken", &[("who", &format!("new task {n}")), ("count", &unasked)])
            .unless(unasked == 0);
    }
    abort();
    for (n, opener, _, task) in new {
        opener.open(n);
        plainly().unless_eq(task.await, Ok(n));
    }
}

#[test]
fn a_late_wake_does_no_harm() {
    watched().run_sync(|| {
        let on = Loop::new();
        let wakers = Rc::new(RefCell::new(Vec::new()));
        let tally = Tally::of("futures");
        let wake_all = |wakers: &Rc<RefCell<Vec<Waker>>>| {
            let late: Vec<_> = wakers.borrow().clone();
            late.iter().for_each(Waker::wake_by_ref);
            let there = elsewhere(move || late.into_iter().for_each(Waker::wake));
            plainly().unless(there.join().is_ok());
        };
        let (same, left) = (on.clone(), wakers.clone());
        let token = tally.token();
        drive(&on, async move {
            // One that is ready, one that was aborted, one that will be left.
            let done = task(&same, leaves_its_waker(&left, strict("task that was ready", ())));
            let mut done = Box::pin(done);
            plainly().unless_eq(done.as_mut().await, Ok(()));
            let waker = left.borrow()[0].clone();
            nobody_takes_its_place(&same, waker, || done.abort()).await;
            let aborted = task(&same, leaves_its_waker(&left, held(token)));
            turns().await;
            aborted.abort();
            plainly().unless_eq(aborted.await, Err(Cancelled));
            let _left = task(&same, leaves_its_waker(&left, pending()));
            turns().await;
            plainly().unless_eq(left.borrow().len(), 3);
            wake_all(&left);
            turns().await;
            left.borrow_mut().truncate(3);
            plainly().unless_eq(task(&same, strict("new task", 7).pending(2)).await, Ok(7));
        });
        wake_all(&wakers);
        plainly().unless_eq(on.block_on(strict("main", 7).pending(3)), 7);
        drop(on);
        wake_all(&wakers);
        tally.should_live(0, "leftover-tasks-after-main");
    });
}

#[test]
fn a_loop_inside_a_loop_panics() {
    watched().run_sync(|| {
        let (on, other) = (Loop::new(), Loop::new());
        let (same, second) = (on.clone(), other.clone());
        drive(&on, async move {
            for (nested, who) in
                [(&same, "this loop"), (&second, "another loop"), (&same, "this loop")]
            {
                let main: Local<()> = Box::pin(async {});
                let tried = catch_unwind(AssertUnwindSafe(|| nested.block_on(main)));
                about(blame("nested-block-on"), "loop-in-loop", who).unless(tried.is_err());
            }
            // That is no fault of the loop around it.
            turns().await;
            plainly().unless_eq(task(&same, strict("task", 7).pending(2)).await, Ok(7));
            // And another thread is free to run a loop of its own meanwhile.
            let there = elsewhere(|| Loop::new().block_on(strict("main", 7)));
            about(plainly(), "loop-elsewhere", "main").unless(there.join().ok() == Some(7));
        });
        plainly().unless_eq(other.block_on(strict("main", 7)), 7);
        plainly().unless_eq(on.block_on(strict("main", 7)), 7);

        // It runs until it returns, and so while tasks that are left are dropped.
        let ran = Rc::new(Cell::new(false));
        let tried = ran.clone();
        let in_a_drop = on_drop(&Rc::default(), move || {
            let main: Local<()> = Box::pin(async {});
            Loop::new().block_on(main);
            tried.set(true);
        });
        let _left = task(&on, held(in_a_drop));
        drive(&on, turns());
        about(blame("nested-block-on"), "loop-in-loop", "another loop").unless(!ran.get());

        // A loop that a panic has ended is not running any more.
        let main: Local<()> = Box::pin(async { panic!("the kettle is empty") });
        let _ended = catch_unwind(AssertUnwindSafe(|| Loop::new().block_on(main)));
        let again = || Loop::new().block_on(strict("main", 7));
        if let Err(panic) = catch_unwind(AssertUnwindSafe(again)) {
            let words = panic_words(&*panic).unwrap_or_default();
            let who = "After a panic in main, the next block_on on this thread";
            plainly().because("panicked", &[("who", &who), ("message", &words)]).now();
        }
    });
}

#[test]
fn an_aborted_task_ends() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            let (on, tally) = (same, Tally::of("futures of tasks that were aborted"));
            let before = on.alive();
            // Before its first poll.
            let unpolled = strict("aborted task", ());
            let (watch, token) = (unpolled.watch(), tally.token());
            let never = task(&on, async move {
                let _held = token;
                unpolled.await;
            });
            never.abort();
            plainly().unless_eq(never.await, Err(Cancelled));
            tally.should_live_plainly(0);
            plainly().unless_eq(watch.polls(), 0);

            // Twice, while it waits, and another task waits for it.
            let (opener, gate) = gate("aborted task");
            let (watch, token) = (gate.watch(), tally.token());
            let waits = task(&on, async move {
                let _held = token;
                gate.await;
            });
            let waits = Rc::new(RefCell::new(Box::pin(waits)));
            let asked = waits.clone();
            let asks = task(&on, poll_fn(move |cx| asked.borrow_mut().as_mut().poll(cx)));
            turns().await;
            waits.borrow().abort();
            waits.borrow().abort();
            // Whenever its future is dropped: only the one who asks is alive.
            plainly().unless_eq(on.alive(), before + 1);
            opener.open(());
            plainly().unless_eq(asks.await, Ok(Err(Cancelled)));
            tally.should_live_plainly(0);
            plainly().unless_eq(watch.polls(), 1);
            plainly().unless_eq(on.alive(), before);

            // Itself: this is its last poll, and no other's.
            let me: Rc<RefCell<Option<Handle<()>>>> = Rc::default();
            let (own, token) = (me.clone(), tally.token());
            let myself = task(&on, async move {
                let _held = token;
                own.borrow().as_ref().expect("it was put there").abort();
                turn().await;
                plainly().because("went-on", &[]).now();
            });
            *me.borrow_mut() = Some(myself);
            turns().await;
            tally.should_live_plainly(0);
            plainly().unless_eq(on.alive(), before);
            let myself = me.take().expect("it is still there");
            plainly().unless_eq(myself.await, Err(Cancelled));

            // A handle that is dropped ends nothing.
            let goes_on = strict("task without a handle", ()).pending(2);
            let watch = goes_on.watch();
            drop(task(&on, goes_on));
            turns().await;
            plainly().because("handle-dropped", &[]).unless(watch.is_done());

            // Too late.
            let done = task(&on, strict("task that was ready", 7));
            turns().await;
            done.abort();
            plainly().unless_eq(done.await, Ok(7));
        });
    });
}

#[test]
fn a_handle_wakes_the_task_that_polled_it_last() {
    watched().run_sync(|| {
        let on = Loop::new();
        let same = on.clone();
        drive(&on, async move {
            const WHO: &str = "the handle";
            for ends in ["ready", "aborted"] {
                let (opener, gate) = gate("task");
                let watch = gate.watch();
                let mut handle = Box::pin(task(&same, gate));
                let (old, old_waker) = counting_waker("old task");
                let (new, new_waker) = counting_waker("new task");
                for waker in [&old_waker, &new_waker] {
                    let polled = poll_with(handle.as_mut(), waker);
                    about(plainly(), "not-pending", WHO).unless(polled.is_pending());
                }
                turns().await;
                let early = old.wakes() + new.wakes();
                blame("busy-wake")
                    .because("woken-early", &[("who", &WHO), ("count", &early)])
                    .unless(early == 0);
                if ends == "ready" {
                    opener.open(7);
                } else {
                    handle.abort();
                }
                turns().await;
                about(plainly(), "not-polled", "A task that was woken")
                    .unless(watch.is_done() || ends == "aborted");
                let woken = (old.wakes() > 0, new.wakes() > 0);
                about(blame("pending-without-waker"), "not-woken", WHO)
                    .unless(woken != (false, false));
                about(blame("stale-waker"), "old-task-woken", WHO).unless(woken.1);
                let expected = if ends == "ready" { Ok(7) } else { Err(Cancelled) };
                plainly().unless_eq(poll_with(handle.as_mut(), &new_waker), Poll::Ready(expected));
            }
        });
        // A handle may outlive its loop.
        let handle = task(&on, strict("task", 7));
        on.block_on(strict("main", ()).pending(2));
        drop(on);
        handle.abort();
        let (_, waker) = counting_waker("late task");
        let polled = poll_with(Box::pin(handle).as_mut(), &waker);
        plainly().unless_eq(polled, Poll::Ready(Ok(7)));
    });
}

#[test]
fn who_is_woken_may_ask_the_handle_at_once() {
    watched().wait_means("wake-under-lock").run_sync(|| {
        let (on, (opener, gate)) = (Loop::new(), gate("task"));
        let answer = asks_when_woken(task(&on, gate));
        drive(&on, async move {
            turns().await;
            opener.open(7);
            turns().await;
        });
        answer.should_be(Ok(7));
    });
}

/// Runs this as a task, and nothing but a wake from outside keeps the loop going.
fn wait_for(on: &Loop, future: impl Future<Output = ()> + 'static) {
    let waits = task(on, future);
    let main: Local<()> = Box::pin(async move { plainly().unless_eq(waits.await, Ok(())) });
    on.block_on(main);
}

// Before the next one: a loop that never hears of threads may hang there, too, if the
// machine is so busy that the wake comes after the poll.
#[test]
fn it_sleeps_until_a_thread_wakes_a_task() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        let on = Loop::new();
        let (_opener, waits) = gate("task that was not woken");
        let watch = waits.watch();
        let _idle: Handle<()> = task(&on, waits);
        wait_for(&on, alarm("kettle", ms(500)));
        let unasked = watch.polls().saturating_sub(1);
        blame("poll-everything")
            .because("polled-unwoken", &[("who", &"A task that waits"), ("count", &unasked)])
            .unless(unasked == 0);
    });
}

#[test]
fn a_wake_during_the_poll_is_not_forgotten() {
    lab().stuck_means("wake-lost-before-park").run_sync(|| {
        let on = Loop::new();
        for by_thread in [true, false] {
            let early = early_wake("kettle");
            let early = if by_thread { early.by_thread() } else { early };
            // Not kept awake: the wakes come from other threads, whenever they do.
            wait_for(&on, early);
        }
    });
}

/// Much shorter than a sleep that `it_sleeps_until_a_thread_wakes_a_task` takes for a
/// whole one.
const AT_ONCE: Duration = ms(100);

/// Whether a wake in the middle of the sleep ends it, or the sleep ends by itself.
/// None: the machine is so busy that this shows nothing.
fn is_woken_at_once() -> Option<bool> {
    let (opener, gate) = gate("guest");
    let asleep = elsewhere(move || Loop::new().block_on(gate));
    let (other_opener, other) = channel();
    let other = elsewhere(move || other.recv());
    while !opener.is_awaited() {
        std::thread::yield_now();
    }
    std::thread::park_timeout(ms(5));
    opener.open(0);
    // Gone only if that thread has panicked.
    let _ = other_opener.send(());
    let in_time = asleep.ends_within(AT_ONCE);
    (in_time || other.ends_within(Duration::ZERO)).then_some(in_time)
}

#[test]
fn a_wake_ends_the_sleep_at_once() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        // Who is never woken is to be told from who is woken late.
        wait_for(&Loop::new(), alarm("kettle", ms(1)));
        // Once in time is enough: no right answer is late ten times over.
        let tries = (0..100).filter_map(|_| is_woken_at_once()).take(10);
        let late = tries.take_while(|in_time| !in_time).count();
        blame("busy-wake")
            .because("woken-late", &[("who", &"guest"), ("count", &late)])
            .unless(late < 10);
    });
}

#[test]
fn a_wake_on_the_way_to_sleep_is_not_forgotten() {
    lab().stuck_means("wake-lost-before-park").run_sync(|| {
        let on = Loop::new();
        narrow_wakes(&|future| on.block_on(future));
    });
}
