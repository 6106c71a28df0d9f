//! The rest of the contract: how long the loop sleeps and what ends it, who has a
//! turn, and what is left when main is ready.

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::future::{Future, Pending, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::mini_runtime::{Rt, echo, run};
use kit::fake::{Address, Listener, Selector, asleep};
use kit::{
    Log, StrictWatch, Tally, blame, elsewhere, gate, lab, ms, narrow_wakes, panic_words, plainly,
    secs, strict,
};

use crate::visible::{
    LONG, Local, ROOM, about, connects, heard, hears, idle, listen, runs, says, serves, spawn,
    task, watched,
};

/// Of these sleeps none comes to its end.
const HOUR: Duration = secs(3_600);

/// A turn for the others.
async fn turn() {
    strict("turn", ()).pending(1).await;
}

/// Enough turns for whoever was woken, also where that takes another turn or two.
async fn turns() {
    for _ in 0..5 {
        turn().await;
    }
}

#[test]
fn clients_are_served_at_the_same_time() {
    watched().run_sync(|| {
        serves(|address| async move {
            idle().await;
            let names = ["The first client", "The second client", "The third client"];
            let clients = names.map(|name| (name, connects(&address)));
            idle().await;
            says(&clients[0].1, "soup");
            idle().await;
            hears(plainly(), names[0], &clients[0].1, "soup");
            // That one does not end, and says nothing more for a while.
            for (name, client) in clients.iter().rev() {
                says(client, "tea");
                idle().await;
                hears(blame("sequential-awaits"), name, client, "tea");
            }
            // More than a connection holds, and not a word is lost.
            let (name, client) = &clients[1];
            let (words, mut sent, mut back) = ("abcdefghijklmnopqrstuvwxyz", 0, String::new());
            for _ in 0..100 {
                sent += client.write(&words.as_bytes()[sent..]).unwrap_or_default();
                idle().await;
                back += &heard(client);
                if back.len() >= words.len() {
                    break;
                }
                hears(plainly(), names[0], &clients[0].1, "");
            }
            about(plainly(), "which-one", name).unless_eq(back, words);
        });
    });
}

#[test]
fn a_client_that_ends_has_its_last_words() {
    watched().run_sync(|| {
        serves(|address| async move {
            idle().await;
            let (polite, other) = (connects(&address), connects(&address));
            idle().await;
            says(&polite, "bye");
            polite.end_writing();
            idle().await;
            hears(plainly(), "The client that has ended", &polite, "bye");
            idle().await;
            about(plainly(), "not-closed", "A client").unless_eq(heard(&polite), "the end");
            says(&other, "tea");
            idle().await;
            hears(blame("one-failure-kills-all"), "The other client", &other, "tea");
        });
    });
}

#[test]
fn a_client_that_breaks_off_ends_nobody_else() {
    watched().run_sync(|| {
        let is_gone = Rc::new(Cell::new(false));
        let gone = is_gone.clone();
        let served = AssertUnwindSafe(|| {
            serves(|address| async move {
                idle().await;
                let (rude, other) = (connects(&address), connects(&address));
                idle().await;
                // It does not listen, so that its echo has to wait. Then it is gone.
                for _ in 0..4 {
                    let _ = rude.write(b"listen!!");
                    idle().await;
                }
                drop(rude);
                gone.set(true);
                idle().await;
                says(&other, "tea");
                idle().await;
                let check = blame("one-failure-kills-all");
                hears(check, "The other client", &other, "tea");
                let new = connects(&address);
                says(&new, "milk");
                idle().await;
                hears(blame("one-failure-kills-all"), "A new client", &new, "milk");
            });
        });
        if let Err(panic) = catch_unwind(served) {
            if let (true, Some(message)) = (is_gone.get(), panic_words(&*panic)) {
                let values: [(&str, &dyn Display); 2] =
                    [("who", &"The task of one client"), ("message", &message)];
                blame("one-failure-kills-all").because("panicked", &values).now();
            }
            resume_unwind(panic);
        }
    });
}

/// Tasks that wait: each has had one turn.
fn polled_once(waiting: &[StrictWatch]) {
    for watch in waiting {
        let unasked = watch.polls().saturating_sub(1);
        about(plainly(), "not-polled", "A task that waits").unless(watch.polls() > 0);
        blame("poll-everything")
            .because("polled-unwoken", &[("who", &"A task that waits"), ("count", &unasked)])
            .unless(unasked == 0);
    }
}

#[test]
fn the_loop_sleeps_until_something_comes() {
    watched().run_sync(|| {
        let selector = Selector::new();
        let (listener, address) = Listener::open(ROOM);
        let mut tasks: Vec<_> = (0..3).map(|n| gate::<()>(&format!("task {n}"))).collect();
        let watches: Vec<_> = tasks.iter().map(|(_, gate)| gate.watch()).collect();
        let accepted = Rc::new(Cell::new(0));
        let so_far = accepted.clone();
        selector.plays(async move {
            for clients in 0..3 {
                // Nobody is ready; one sleeps for an hour, another one for two.
                let nap = asleep().await;
                nap.lasts(LONG, "busy-wake");
                plainly()
                    .because("long-nap", &[("expected", &"an hour")])
                    .unless(nap.timeout.is_some_and(|timeout| timeout <= HOUR));
                polled_once(&watches);
                about(plainly(), "which-one", "A task that accepts")
                    .unless_eq(so_far.get(), clients);
                drop(connects(&address));
            }
        });
        runs(&selector, |rt| async move {
            let listener = listen(&rt, listener);
            for (opener, gate) in tasks.drain(..) {
                task(&rt, async move {
                    let _opener = opener;
                    gate.await;
                });
            }
            for hours in [2, 1] {
                let same = rt.clone();
                task(&rt, async move { same.sleep(HOUR * hours).await });
            }
            for _ in 0..3 {
                plainly().unless(listener.accept().await.is_ok());
                accepted.set(accepted.get() + 1);
            }
        });
    });
}

#[test]
fn a_sleep_that_is_dropped_ends_no_sleep_of_the_loop() {
    watched().run_sync(|| {
        let selector = Selector::new();
        let (listener, address) = Listener::open(ROOM);
        selector.plays(async move {
            let nap = asleep().await;
            nap.lasts(secs(30), "busy-wake");
            drop(connects(&address));
            asleep().await.lasts(LONG, "cancelled-timer-leak");
            drop(connects(&address));
        });
        runs(&selector, |rt| async move {
            let listener = listen(&rt, listener);
            {
                let mut limit = pin!(rt.sleep(secs(60)));
                let polled = poll_fn(|cx| Poll::Ready(limit.as_mut().poll(cx))).await;
                plainly().unless(polled.is_pending());
                plainly().unless(listener.accept().await.is_ok());
            }
            plainly().unless(listener.accept().await.is_ok());
        });
    });
}

/// Wakes from another thread, which is done when this returns.
fn by_a_thread(wake: impl FnOnce() + Send + 'static) {
    plainly().unless(elsewhere(wake).join().is_ok());
}

#[test]
fn a_wake_from_another_thread_ends_the_sleep() {
    watched().run_sync(|| {
        for with_a_timer in [false, true] {
            let selector = Selector::new();
            let (opener, gate) = gate("kettle");
            let (watch, wait) = (gate.watch(), gate);
            selector.plays(async move {
                asleep().await.lasts(LONG, "busy-wake");
                polled_once(std::slice::from_ref(&watch));
                by_a_thread(|| opener.open(()));
                asleep().await;
                about(blame("cross-thread-wake-lost"), "wake-unheard", "kettle")
                    .unless(watch.is_done());
            });
            runs(&selector, move |rt| async move {
                let same = rt.clone();
                if with_a_timer {
                    task(&rt, async move { same.sleep(HOUR).await });
                }
                wait.await;
            });
        }
    });
}

/// For tests in which some task is always ready.
fn never_sleeps(selector: &Selector) {
    selector.plays(async {
        asleep().await;
        blame("wake-lost-before-park").because("sleeps-with-work", &[]).now();
    });
}

const ORDER: [usize; 10] = [7, 2, 9, 0, 4, 1, 8, 3, 6, 5];

#[test]
fn the_first_to_be_woken_is_the_first_to_be_polled() {
    watched().run_sync(|| {
        let (selector, log) = (Selector::new(), Log::new());
        never_sleeps(&selector);
        let (says, so_far) = (log.clone(), log.clone());
        let say = move |line: &str| says.add(line);
        runs(&selector, |rt| async move {
            let mut openers = Vec::new();
            for n in 0..ORDER.len() {
                let (opener, gate) = gate(&format!("task {n}"));
                openers.push(Some(opener));
                let say = say.clone();
                task(&rt, async move {
                    gate.await;
                    say(&n.to_string());
                    turn().await;
                    say(&n.to_string());
                });
            }
            turns().await;
            for n in ORDER {
                openers[n].take().expect("each opens once").open(());
            }
            task(&rt, async move { say("new") });
            so_far.should_be(&[], "eager-before-poll");
            turns().await;
            turns().await;
        });
        let mut lines = log.lines();
        let twice: Vec<_> = ORDER.iter().chain(&ORDER).map(usize::to_string).collect();
        // The new one comes after all who were woken before; when, is not said.
        plainly().unless_eq(&lines[..lines.len().min(ORDER.len())], &twice[..ORDER.len()]);
        lines.retain(|line| line != "new");
        plainly().unless_eq(lines, twice);
        about(plainly(), "not-polled", "A new task").unless_eq(log.lines().len(), 21);
    });
}

#[test]
fn a_late_wake_wakes_nobody_else() {
    watched().run_sync(|| {
        let selector = Selector::new();
        never_sleeps(&selector);
        runs(&selector, |rt| async move {
            let late: Rc<RefCell<Option<Waker>>> = Rc::default();
            let (keep, mut ends) = (late.clone(), Box::pin(strict("task that was ready", ())));
            task(
                &rt,
                poll_fn(move |cx| {
                    *keep.borrow_mut() = Some(cx.waker().clone());
                    ends.as_mut().poll(cx)
                }),
            );
            turns().await;
            // That one is over. Others come and wait.
            let (openers, gates): (Vec<_>, Vec<_>) = (0..3).map(|_| gate("new task")).unzip();
            let watches: Vec<_> = gates.iter().map(|gate| gate.watch()).collect();
            gates.into_iter().for_each(|gate| task(&rt, gate));
            turns().await;
            let late = late.take();
            about(plainly(), "not-polled", "A task").unless(late.is_some());
            late.into_iter().for_each(Waker::wake);
            turns().await;
            polled_once(&watches);
            openers.into_iter().for_each(|opener| opener.open(()));
        });
    });
}

/// Wakes its task in its own poll, so often: by turns itself, and by a thread.
fn wakes_in_poll(times: usize) -> impl Future<Output = ()> + 'static {
    let mut left = times;
    poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        let waker = cx.waker().clone();
        match left % 2 {
            0 => waker.wake(),
            _ => by_a_thread(move || waker.wake()),
        }
        Poll::Pending
    })
}

#[test]
fn a_wake_during_the_poll_is_not_forgotten() {
    lab().wait_means("wake-under-lock").run_sync(|| {
        let selector = Selector::new();
        never_sleeps(&selector);
        runs(&selector, |_| wakes_in_poll(6));
        // Nobody has to wait for a main that is ready.
        runs(&selector, |_| strict("main", ()));
        let done = strict("kettle", ()).pending(2);
        let watch = done.watch();
        runs(&selector, |rt| async move {
            task(&rt, done);
            task(&rt, wakes_in_poll(6));
            wakes_in_poll(8).await;
        });
        about(plainly(), "not-polled", "A task").unless(watch.is_done());
    });
}

#[test]
fn a_wake_on_the_way_to_sleep_is_not_forgotten() {
    // Here the selector does sleep, until somebody calls.
    lab().wait_means("wake-lost-before-park").run_sync(|| {
        narrow_wakes(&|future| run(Selector::new(), |_| future));
    });
}

/// Turns of a task that is always ready. The others need a few.
const MOST_TURNS: usize = 50;

fn not_too_often(turns: usize) {
    blame("never-yields")
        .because("selector-not-asked", &[("count", &turns)])
        .unless(turns < MOST_TURNS);
}

/// Always ready. Takes a moment each time, so that short sleeps are over. Does
/// something in each turn.
fn restless(
    is_over: &Rc<Cell<bool>>,
    mut does: impl FnMut() + 'static,
) -> impl Future<Output = ()> + 'static {
    let (is_over, mut turns) = (is_over.clone(), 0);
    poll_fn(move |cx| {
        turns += 1;
        not_too_often(turns);
        std::thread::sleep(ms(1));
        if is_over.get() {
            return Poll::Ready(());
        }
        does();
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}

/// Never ready, and its timer is due whenever the loop looks around.
fn always_due(rt: &Rt, is_over: &Rc<Cell<bool>>) -> impl Future<Output = ()> + 'static {
    let (rt, is_over, mut turns) = (rt.clone(), is_over.clone(), 0);
    let mut sleep = Box::pin(rt.sleep(ms(1)));
    poll_fn(move |cx| {
        turns += 1;
        not_too_often(turns);
        if is_over.get() {
            return Poll::Ready(());
        }
        // On a busy machine it may be over before it has begun.
        while sleep.as_mut().poll(cx).is_ready() {
            sleep = Box::pin(rt.sleep(ms(1)));
        }
        std::thread::sleep(ms(1));
        Poll::Pending
    })
}

/// A task that spawns the next one, which spawns the next one.
fn chain(rt: Rt, is_over: Rc<Cell<bool>>, length: usize) -> Local<()> {
    Box::pin(async move {
        not_too_often(length);
        if !is_over.get() {
            task(&rt, chain(rt.clone(), is_over, length + 1));
        }
    })
}

#[test]
fn who_is_always_ready_keeps_nobody_waiting() {
    watched().run_sync(|| {
        let selector = Selector::new();
        let (listener, address) = Listener::open(ROOM);
        let accepted = Rc::new(Cell::new(false));
        let (is_in, again) = (accepted.clone(), address.clone());
        selector.plays(async move {
            asleep().await;
            drop(connects(&address));
            asleep().await;
            about(plainly(), "wake-unheard", "A task that accepts").unless(is_in.get());
            blame("wake-lost-before-park").because("sleeps-with-work", &[]).now();
        });
        runs(&selector, |rt| async move {
            let listener = listen(&rt, listener);
            // While nobody else is there, a client is let in.
            plainly().unless(listener.accept().await.is_ok());
            accepted.set(true);
            let knocks = |address: Address| async move {
                turn().await;
                drop(connects(&address));
            };
            let is_over = Rc::new(Cell::new(false));
            task(&rt, restless(&is_over, || {}));
            task(&rt, knocks(again.clone()));
            plainly().unless(listener.accept().await.is_ok());
            is_over.set(true);
            turn().await;

            let is_over = Rc::new(Cell::new(false));
            task(&rt, restless(&is_over, || {}));
            rt.sleep(ms(1)).await;
            is_over.set(true);
            turn().await;

            // No task is ready, but some timer is always due.
            let is_over = Rc::new(Cell::new(false));
            task(&rt, always_due(&rt, &is_over));
            task(&rt, knocks(again.clone()));
            plainly().unless(listener.accept().await.is_ok());
            is_over.set(true);
            turn().await;

            // There is always a task that is new.
            let is_over = Rc::new(Cell::new(false));
            task(&rt, chain(rt.clone(), is_over.clone(), 0));
            task(&rt, knocks(again.clone()));
            plainly().unless(listener.accept().await.is_ok());
            is_over.set(true);
            turn().await;

            // And there are always news for the listener.
            let is_over = Rc::new(Cell::new(false));
            task(&rt, restless(&is_over, move || drop(connects(&again))));
            task(&rt, async move { while listener.accept().await.is_ok() {} });
            rt.sleep(ms(1)).await;
            is_over.set(true);
            turn().await;
        });
    });
}

/// Does something when it is dropped. A panic in there is kept for later: one more
/// while others are being dropped would end the process.
struct OnDrop(Option<Box<dyn FnOnce()>>, Rc<Cell<bool>>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        let action = self.0.take().expect("dropped once");
        if catch_unwind(AssertUnwindSafe(action)).is_err() {
            self.1.set(true);
        }
    }
}

async fn held<T: 'static>(with: T) {
    let _held = with;
    pending().await
}

/// Tasks that are left at the end of main, of all kinds.
struct Left {
    tally: Tally,
    /// A drop could not use the runtime.
    panicked: Rc<Cell<bool>>,
    wakers: Rc<RefCell<Vec<Waker>>>,
}

impl Left {
    fn new() -> Self {
        let tally = Tally::of("futures of tasks");
        Left { tally, panicked: Rc::default(), wakers: Rc::default() }
    }

    fn spawn_all(&self, rt: &Rt) {
        // Holds the runtime that holds it, and its waker lives on elsewhere.
        let (circle, wakers) = ((rt.clone(), self.tally.token()), self.wakers.clone());
        let mut waits = Box::pin(held(circle));
        task(
            rt,
            poll_fn(move |cx: &mut Context<'_>| {
                wakers.borrow_mut().push(cx.waker().clone());
                waits.as_mut().poll(cx)
            }),
        );
        // Waits for the clock.
        let (same, token) = (rt.clone(), self.tally.token());
        task(rt, async move {
            let _held = token;
            same.sleep(HOUR).await;
        });
        // Has one more task to spawn when it is dropped, which has one more.
        let (same, again) = (rt.clone(), rt.clone());
        let (token, panicked) = (self.tally.token(), self.panicked.clone());
        let last = OnDrop(Some(Box::new(move || spawn(&again, held(token)))), panicked.clone());
        let token = self.tally.token();
        let first = OnDrop(
            Some(Box::new(move || {
                spawn(&same, async move {
                    let _held = last;
                    held(token).await;
                });
            })),
            panicked,
        );
        task(rt, held(first));
    }

    fn must_be_gone(self, selector: &Selector) {
        about(plainly(), "loop-in-drop", "A task that was left").unless(!self.panicked.get());
        self.tally.should_live(0, "leftover-tasks-after-main");
        blame("leftover-tasks-after-main")
            .because("still-listed", &[("count", &selector.registered())])
            .unless(selector.registered() == 0);
        // Who is called late has nobody to wake.
        let late = self.wakers.take();
        by_a_thread(move || late.into_iter().for_each(Waker::wake));
    }
}

#[test]
fn the_end_of_main_closes_everything() {
    watched().run_sync(|| {
        let selector = Selector::new();
        let (listener, address) = Listener::open(ROOM);
        let (closing, close) = Listener::open(1);
        let client = Rc::new(connects(&address));
        let (same, knocks) = (client.clone(), address.clone());
        selector.plays(async move {
            says(&same, "tea");
            // Nobody looks at the clock's hour.
            asleep().await.lasts(LONG, "busy-wake");
            asleep().await;
            hears(plainly(), "The client", &same, "tea");
            let _never_let_in = connects(&knocks);
            drop(connects(&close));
            asleep().await;
            blame("leftover-tasks-after-main").because("slept-after-main", &[]).now();
        });
        let left = Rc::new(Left::new());
        let (spawns, token) = (left.clone(), left.tally.token());
        runs(&selector, |rt| async move {
            let _mains_own = token;
            let listener = listen(&rt, listener);
            task(&rt, echo(rt.clone(), listener));
            spawns.spawn_all(&rt);
            plainly().unless(listen(&rt, closing).accept().await.is_ok());
            // These have no turn, or one.
            spawns.spawn_all(&rt);
        });
        only_one(left).must_be_gone(&selector);
        blame("leftover-tasks-after-main")
            .because("socket-kept", &[])
            .unless(heard(&client) == "the end");
        blame("leftover-tasks-after-main")
            .because("still-listens", &[])
            .unless(address.connect().is_err());
    });
}

/// A loop that gives some more turns before it looks at main is right, too.
const MOST_AFTER_MAIN: usize = 20;

#[test]
fn who_is_always_ready_does_not_keep_the_loop_going() {
    watched().run_sync(|| {
        let selector = Selector::new();
        never_sleeps(&selector);
        let tally = Tally::of("futures of tasks");
        let is_over = Rc::new(Cell::new(false));
        let (over, token, mut since) = (is_over.clone(), tally.token(), 0);
        runs(&selector, move |rt| async move {
            task(
                &rt,
                poll_fn(move |cx| {
                    let _held = &token;
                    since += usize::from(over.get());
                    blame("leftover-tasks-after-main")
                        .because("polled-after-main", &[("count", &since)])
                        .unless(since < MOST_AFTER_MAIN);
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }),
            );
            for _ in 0..3 {
                turn().await;
            }
            is_over.set(true);
        });
        tally.should_live(0, "leftover-tasks-after-main");
    });
}

/// Runs a main that panics with certain words.
fn main_panics(runs: impl FnOnce()) {
    match catch_unwind(AssertUnwindSafe(runs)) {
        Ok(()) => plainly().because("panic-swallowed", &[]).now(),
        Err(panic) => match panic_words(&*panic) {
            Some("the kettle is empty") => {}
            // Another one, or a check that has failed.
            _ => resume_unwind(panic),
        },
    }
}

fn only_one(left: Rc<Left>) -> Left {
    let Ok(left) = Rc::try_unwrap(left).map_err(drop) else {
        blame("leftover-tasks-after-main").because("main-kept", &[]).now()
    };
    left
}

/// A main that gets no farther than its call.
fn breaks() -> Pending<()> {
    panic!("the kettle is empty")
}

#[test]
fn a_panic_in_main_closes_everything_as_well() {
    watched().run_sync(|| {
        let selector = Selector::new();
        selector.plays(async {
            asleep().await;
            plainly().because("panic-swallowed", &[]).now();
        });
        let (listener, address) = Listener::open(ROOM);
        let client = Rc::new(connects(&address));
        let left = Rc::new(Left::new());
        let (spawns, token) = (left.clone(), left.tally.token());
        let (same, rt_kept) = (selector.clone(), Rc::new(RefCell::new(None)));
        let keeps = rt_kept.clone();
        main_panics(move || {
            runs(&same, |rt| async move {
                let _mains_own = token;
                *keeps.borrow_mut() = Some(rt.clone());
                let listener = listen(&rt, listener);
                task(&rt, echo(rt.clone(), listener));
                spawns.spawn_all(&rt);
                for _ in 0..4 {
                    turn().await;
                }
                panic!("the kettle is empty");
            });
        });
        only_one(left).must_be_gone(&selector);
        blame("leftover-tasks-after-main")
            .because("socket-kept", &[])
            .unless(heard(&client) == "the end");
        drop(rt_kept);

        // The same before there is a future of main.
        let left = Rc::new(Left::new());
        let (spawns, same) = (left.clone(), selector.clone());
        main_panics(move || {
            runs(&same, move |rt| {
                spawns.spawn_all(&rt);
                breaks()
            });
        });
        only_one(left).must_be_gone(&selector);
    });
}
