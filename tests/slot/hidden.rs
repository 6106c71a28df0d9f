//! The rest of the contract: which waker, when, from where, and what is left.

use std::cell::Cell;
use std::marker::PhantomPinned;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use exercise::slot::{Setter, Slot, slot};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use kit::{
    Lab, Log, Tally, WakeCount, blame, collide, counting_waker, elsewhere, falls_asleep,
    inline_waker, lab, ms, patience, plainly, poll_with, race, require_send, secs, timed, took,
};
use tokio::time::sleep;

/// A poll that waits for the value itself never comes back.
fn watched() -> Lab {
    lab().stuck_means("sync-io-in-async")
}

/// The two ways in which a wait can end.
#[derive(Clone, Copy, Debug)]
enum End {
    Set,
    Drop,
}

const ENDS: [End; 2] = [End::Set, End::Drop];

impl End {
    fn bring(self, setter: Setter<u32>) {
        self.bring_a(7, setter);
    }

    fn bring_a<T>(self, value: T, setter: Setter<T>) {
        match self {
            End::Set => plainly().unless_eq(setter.set(value).map_err(|_| "the value"), Ok(())),
            End::Drop => drop(setter),
        }
    }

    /// What the slot gives afterwards.
    #[track_caller]
    fn expect(self, got: Poll<Result<u32, &str>>) {
        let wanted = match self {
            End::Set => Ok(7),
            End::Drop => Err("Cancelled"),
        };
        plainly().unless_eq(got, Poll::Ready(wanted));
    }
}

/// Polls once; the error in words, so that any `Cancelled` will do.
fn poll<T>(slot: &mut Pin<Box<Slot<T>>>, waker: &Waker) -> Poll<Result<T, &'static str>> {
    poll_with(slot.as_mut(), waker).map_err(|_| "Cancelled")
}

#[track_caller]
fn expect_pending<T>(slot: &mut Pin<Box<Slot<T>>>, waker: &Waker) {
    let pending = poll(slot, waker).is_pending();
    plainly().because("not-pending", &[("who", &"slot")]).unless(pending);
}

/// Fails the test if somebody was woken although nothing has happened yet.
#[track_caller]
fn woken_early(count: &WakeCount) {
    blame("busy-wake")
        .because("woken-early", &[("who", &"slot"), ("count", &count.wakes())])
        .unless(count.wakes() == 0);
}

#[track_caller]
fn expect_woken(count: &WakeCount) {
    let woken = count.wakes() > 0;
    blame("pending-without-waker").because("not-woken", &[("who", &"slot")]).unless(woken);
}

#[test]
fn a_setter_that_was_dropped_first_ends_the_wait_at_once() {
    watched().run_sync(|| {
        let (setter, slot) = slot::<u32>();
        drop(setter);
        End::Drop.expect(poll(&mut Box::pin(slot), Waker::noop()));
    });
}

#[test]
fn a_poll_waits_for_nobody() {
    watched().run_sync(|| {
        let waits = (0..6).filter(|_| {
            let (_setter, slot) = slot::<u32>();
            let mut slot = Box::pin(slot);
            falls_asleep(|| expect_pending(&mut slot, Waker::noop()))
        });
        let count = waits.count();
        blame("sync-io-in-async")
            .because("poll-waited", &[("who", &"slot"), ("count", &count)])
            .unless(count < 6);
    });
}

#[test]
fn both_ends_may_change_threads() {
    watched().run_sync(|| {
        // A value that may change threads, but not be shared by them.
        let (setter, cell) = slot::<Cell<u32>>();
        require_send(&setter); // gate: non-send-across-await
        require_send(&cell); // gate: non-send-across-await
        let (setter, slot) = slot::<u32>();
        require_send(&setter); // gate: non-send-across-await
        require_send(&slot); // gate: non-send-across-await
        let (wakes, waker) = counting_waker("task");
        let mut slot = Box::pin(slot);
        expect_pending(&mut slot, &waker);
        let done = elsewhere(move || setter.set(7)); // gate: non-send-across-await
        plainly().unless(matches!(done.join(), Ok(Ok(()))));
        expect_woken(&wakes);
        let polled = elsewhere(move || poll(&mut slot, &waker)); // gate: non-send-across-await
        End::Set.expect(polled.join().unwrap_or(Poll::Pending));
    });
}

#[test]
fn a_panic_that_drops_the_setter_ends_the_wait() {
    watched().run_sync(|| {
        let (setter, slot) = slot::<u32>();
        let mut slot = Box::pin(slot);
        let (wakes, waker) = counting_waker("task");
        expect_pending(&mut slot, &waker);
        // Whoever should have set it fails, and takes the setter along.
        let failed = catch_unwind(AssertUnwindSafe(move || {
            let _setter = setter;
            resume_unwind(Box::new("no more tea"));
        }));
        plainly().unless(failed.is_err());
        expect_woken(&wakes);
        End::Drop.expect(poll(&mut slot, &waker));
    });
}

/// Of ten milliseconds each. A right answer needs none of them.
const PATIENT_LOOKS: usize = 500;

#[test]
fn while_it_waits_it_wakes_nobody() {
    watched().run_sync(|| {
        // Even and odd: a poll may undo what the one before it has done.
        for (end, polls) in [(End::Set, 4), (End::Set, 5), (End::Drop, 4), (End::Drop, 5)] {
            let (setter, slot) = slot();
            let mut slot = Box::pin(slot);
            let (wakes, waker) = counting_waker("task");
            for _ in 0..polls {
                expect_pending(&mut slot, &waker);
                woken_early(&wakes);
            }
            end.bring(setter);
            expect_woken(&wakes);
            end.expect(poll(&mut slot, &waker));
        }
        // Nor does a thread that it has left behind: time passes, and nothing else.
        let (_setter, slot) = slot::<u32>();
        let (wakes, waker) = counting_waker("task");
        let mut slot = Box::pin(slot);
        expect_pending(&mut slot, &waker);
        thread::sleep(ms(50));
        woken_early(&wakes);
        // On a busy machine it may not have had its turn. But a slot that is dropped
        // has let go of the waker, so whoever still has it is such a thread.
        drop(slot);
        for _ in 0..PATIENT_LOOKS {
            if wakes.wakers() == 1 || wakes.wakes() > 0 {
                break;
            }
            thread::sleep(ms(10));
        }
        woken_early(&wakes);
    });
}

#[test]
fn only_the_task_that_polled_last_is_woken() {
    watched().run_sync(|| {
        for end in ENDS {
            for polls in [&["old", "new"][..], &["new", "old", "new"]] {
                let (setter, slot) = slot();
                let mut slot = Box::pin(slot);
                let (old, old_waker) = counting_waker("old task");
                let (new, new_waker) = counting_waker("new task");
                for who in polls {
                    expect_pending(&mut slot, if *who == "old" { &old_waker } else { &new_waker });
                }
                blame("stale-waker")
                    .because("old-waker-kept", &[("who", &"slot")])
                    .unless(old.wakers() == 1);
                woken_early(&old);
                woken_early(&new);
                end.bring(setter);
                if old.wakes() == 0 {
                    expect_woken(&new);
                }
                let got = (old.wakes(), new.wakes().min(1));
                blame("stale-waker").unless_eq(got, (0, 1));
                end.expect(poll(&mut slot, &new_waker));
            }
        }
    });
}

/// A slot that lies ready for whoever is woken.
type Parcel = Arc<Mutex<Option<Pin<Box<Slot<u32>>>>>>;

/// Ends a wait whose waker does `inside` with the slot.
fn end_with(end: End, inside: impl Fn(Pin<Box<Slot<u32>>>) + Send + Sync + 'static) {
    let (setter, slot) = slot();
    let parcel = Parcel::default();
    let (wakes, counter) = counting_waker("task");
    let waker = {
        let parcel = parcel.clone();
        inline_waker(move || {
            counter.wake_by_ref();
            let slot = parcel.lock().unwrap().take();
            if let Some(slot) = slot {
                inside(slot);
            }
        })
    };
    let mut slot = Box::pin(slot);
    expect_pending(&mut slot, &waker);
    woken_early(&wakes);
    *parcel.lock().unwrap() = Some(slot);
    end.bring(setter);
    expect_woken(&wakes);
}

/// Ends a wait, and polls the slot on another thread while `wake` is running,
/// and drops it if it is ready, as an `await` does. Whether both came through before `wake`
/// returned.
fn polled_inside_wake(end: End, patience: Duration) -> bool {
    let in_time = Arc::new(AtomicBool::new(false));
    let kept = Arc::new(Mutex::new(None));
    let (came, keeps) = (in_time.clone(), kept.clone());
    end_with(end, move |mut slot| {
        let there = elsewhere(move || poll(&mut slot, Waker::noop()).is_pending().then_some(slot)); // gate: non-send-across-await
        came.store(there.ends_within(patience), SeqCst);
        // Not joined: where a lock is held, it ends after this call has.
        *keeps.lock().unwrap() = Some(there);
    });
    drop(kept);
    in_time.load(SeqCst)
}

#[test]
fn the_woken_side_may_poll_at_once() {
    watched().run_sync(|| {
        for end in ENDS {
            blame("wake-under-lock")
                .because("polled-inside-wake", &[("who", &"slot")])
                .unless(patience().any(|patience| polled_inside_wake(end, patience)));
        }
        // Nothing is locked then: so the waker may poll by itself, on this thread.
        for end in ENDS {
            let (later, later_waker) = counting_waker("polled inside wake");
            let (say, hear) = channel();
            let (say, waker) = (Mutex::new(say), later_waker.clone());
            let polled = Arc::new(Mutex::new(None));
            let (leaves, counted) = (polled.clone(), later.clone());
            end_with(end, move |mut slot| {
                // A panic must not pass through the setter, which is half-way.
                let got = catch_unwind(AssertUnwindSafe(|| poll(&mut slot, &waker)));
                // A slot that finds the lock taken must not get by with another turn.
                let asked_again = counted.wakes() > 0;
                *leaves.lock().unwrap() = Some((got, slot, asked_again));
                let _ = say.lock().unwrap().send(());
            });
            let _ = hear.recv();
            let polled = polled.lock().unwrap().take();
            match polled {
                Some((Ok(Poll::Pending), mut slot, false)) => {
                    // Woken before there was anything: a second wake can make that good.
                    blame("pending-without-waker")
                        .because("ready-without-value", &[("who", &"slot")])
                        .unless(later.wakes() > 0);
                    end.expect(poll(&mut slot, &later_waker));
                }
                Some((Ok(ready), _, false)) => end.expect(ready),
                _ => blame("wake-under-lock")
                    .because("polled-inside-wake", &[("who", &"slot")])
                    .now(),
            }
        }
    });
}

#[test]
fn an_end_waits_for_nobody() {
    watched().run_sync(|| {
        for end in ENDS {
            let (setter, slot) = slot();
            let ended = elsewhere(move || end.bring(setter)); // gate: non-send-across-await
            if patience().any(|patience| ended.ends_within(patience)) {
                continue;
            }
            // It waits for the lock that it holds itself, if that keeps a poll out, too.
            let mut slot = Box::pin(slot);
            let polled = elsewhere(move || (poll(&mut slot, Waker::noop()), slot)); // gate: non-send-across-await
            let free = patience().any(|patience| polled.ends_within(patience));
            let pitfall = if free { "sync-io-in-async" } else { "wake-under-lock" };
            blame(pitfall).because("never-returned", &[("who", &"setter")]).now();
        }
    });
}

#[test]
fn a_value_for_nobody_comes_back() {
    watched().run_sync(|| {
        let (setter, unpolled) = slot();
        drop(unpolled);
        plainly().unless_eq(setter.set("tea"), Err("tea"));

        let (setter, polled) = slot();
        let mut polled = Box::pin(polled);
        expect_pending(&mut polled, Waker::noop());
        drop(polled);
        plainly().unless_eq(setter.set("tea"), Err("tea"));
    });
}

#[test]
fn a_dropped_slot_takes_its_waker_with_it() {
    watched().run_sync(|| {
        let released = |wakes: &WakeCount| {
            plainly().because("waker-kept", &[("who", &"slot")]).unless(wakes.wakers() == 1);
        };
        // While it waits: a setter may live for long.
        let (setter, waiting) = slot::<u32>();
        let mut waiting = Box::pin(waiting);
        let (wakes, waker) = counting_waker("task");
        expect_pending(&mut waiting, &waker);
        drop(waiting);
        released(&wakes);
        drop(setter);
        // And after each end.
        for end in ENDS {
            let (setter, slot) = slot();
            let mut slot = Box::pin(slot);
            let (wakes, waker) = counting_waker("task");
            expect_pending(&mut slot, &waker);
            end.bring(setter);
            expect_woken(&wakes);
            end.expect(poll(&mut slot, &waker));
            drop(slot);
            released(&wakes);
        }
    });
}

#[test]
fn every_value_is_dropped_once() {
    watched().run_sync(|| {
        let tally = Tally::of("values");
        let live = |expected| tally.should_live_plainly(expected);
        // Taken: it belongs to the one who awaited it.
        let (setter, taken) = slot();
        plainly().unless(setter.set(tally.token()).is_ok());
        let got = poll(&mut Box::pin(taken), Waker::noop());
        live(1);
        plainly().unless(matches!(got, Poll::Ready(Ok(_))));
        drop(got);
        live(0);
        // Never taken: it goes with the slot.
        let (setter, untaken) = slot();
        plainly().unless(setter.set(tally.token()).is_ok());
        live(1);
        drop(untaken);
        live(0);
        // Given back.
        let (setter, gone) = slot();
        drop(gone);
        let back = setter.set(tally.token());
        live(1);
        plainly().unless(back.is_err());
        drop(back);
        live(0);
    });
}

/// Not Clone, not Debug, not Send, and not Unpin.
struct Stubborn(Rc<Cell<u32>>, PhantomPinned);

#[test]
fn any_value_will_do() {
    watched().run_sync(|| {
        let cell = Rc::new(Cell::new(1));
        let (setter, stubborn) = slot();
        plainly().unless(setter.set(Stubborn(cell.clone(), PhantomPinned)).is_ok());
        match poll(&mut Box::pin(stubborn), Waker::noop()) {
            Poll::Ready(Ok(value)) => value.0.set(2),
            _ => plainly().because("not-ready", &[("who", &"slot")]).now(),
        }
        plainly().unless_eq(cell.get(), 2);

        let text = String::from("borrowed");
        let (setter, borrowed) = slot();
        plainly().unless_eq(setter.set(text.as_str()), Ok(()));
        let got = poll(&mut Box::pin(borrowed), Waker::noop());
        plainly().unless_eq(got, Poll::Ready(Ok("borrowed")));

        let (setter, nothing) = slot();
        plainly().unless_eq(setter.set(()), Ok(()));
        plainly().unless_eq(poll(&mut Box::pin(nothing), Waker::noop()), Poll::Ready(Ok(())));
    });
}

/// So many turns of a race show what is lost in it.
const TURNS: usize = 300;

/// So many pairs are a round.
const ROUND: usize = 1_000;

/// Takes its time when it is put down or taken up. Between cores that are far from each
/// other, a lock that is held for less than a message takes is never found taken.
type Heavy = [u32; 256];

#[test]
fn an_end_at_the_moment_of_a_poll_is_not_lost() {
    watched().run_sync(|| {
        // Two kinds of poll, so twice as many; and three times that, as what lies between
        // two looks of one poll is narrow.
        race(6 * TURNS, &mut || {
            // By turns: one is set, one is dropped.
            let pairs = ENDS.into_iter().cycle().take(2 * ROUND).enumerate().map(|(n, end)| {
                let (setter, slot) = slot::<Heavy>();
                let mut slot = Box::pin(slot);
                // A first poll finds no waker there. A later one finds another task's, and
                // until it has put its own in the place of that, it is as good as deaf.
                if n % 4 < 2 {
                    expect_pending(&mut slot, Waker::noop());
                }
                let woken = Arc::new(AtomicBool::new(false));
                let waker = inline_waker({
                    let woken = woken.clone();
                    move || woken.store(true, SeqCst)
                });
                ((end, setter), (end, slot, waker, woken))
            });
            let played = collide(
                pairs,
                |(end, setter)| end.bring_a([7; 256], setter),
                |(end, mut slot, waker, woken)| {
                    let got = poll(&mut slot, &waker).map_ok(|heavy| heavy[0]);
                    (end, got, slot, waker, woken)
                },
            );
            let mut waited = Vec::with_capacity(2 * ROUND);
            for ((), (end, mut got, mut slot, waker, woken)) in played {
                waited.push(got.is_pending());
                if got.is_pending() {
                    blame("pending-without-waker")
                        .because("not-woken", &[("who", &"slot")])
                        .unless(woken.load(SeqCst));
                    got = poll(&mut slot, &waker).map_ok(|heavy| heavy[0]);
                }
                end.expect(got);
            }
            waited
        });
    });
}

#[test]
fn a_value_that_comes_at_the_moment_of_a_poll_is_not_lost() {
    watched().run_sync(|| {
        // Nothing but sets, and a waker that costs no time: what lies between two looks
        // of one poll is narrow.
        race(4 * TURNS, &mut || {
            let pairs = std::iter::repeat_with(|| {
                let (setter, slot) = slot();
                (setter, Box::pin(slot))
            });
            let played = collide(
                pairs.take(4 * ROUND),
                |setter| End::Set.bring(setter),
                |mut slot| (poll(&mut slot, Waker::noop()), slot),
            );
            let mut waited = Vec::with_capacity(4 * ROUND);
            for ((), (mut got, mut slot)) in played {
                waited.push(got.is_pending());
                if got.is_pending() {
                    got = poll(&mut slot, Waker::noop());
                }
                End::Set.expect(got);
            }
            waited
        });
    });
}

#[test]
fn a_set_at_the_moment_of_a_drop_loses_no_value() {
    watched().run_sync(|| {
        race(TURNS, &mut || {
            let count = Arc::new(());
            let pairs = std::iter::repeat_with(|| {
                let (setter, slot) = slot();
                ((setter, count.clone()), slot)
            });
            let pairs = pairs.take(ROUND);
            let played = collide(pairs, |(setter, value)| setter.set(value), drop);
            // Either the value came back, or it went with the slot.
            let back: Vec<bool> = played.iter().map(|(set, ())| set.is_err()).collect();
            let came = back.iter().filter(|back| **back).count();
            plainly().unless_eq(Arc::strong_count(&count) - 1, came);
            drop(played);
            plainly().unless_eq(Arc::strong_count(&count) - 1, 0);
            back
        });
    });
}

#[test]
fn tasks_wait_for_their_slots_and_time_passes() {
    lab().hang_means("pending-without-waker").stuck_means("sync-io-in-async").run(async {
        let log = Log::new();
        let (setters, slots): (Vec<_>, Vec<_>) = (0..4).map(|_| slot::<u32>()).unzip();
        // Each of these is polled only when its own waker was called.
        let waiting: FuturesUnordered<_> = slots
            .into_iter()
            .enumerate()
            .map(|(n, slot)| {
                let log = &log;
                async move {
                    let got = slot.await.map_err(|_| "Cancelled");
                    log.add(format!("{n}: {got:?}"));
                }
            })
            .collect();
        let giving = async {
            for (n, setter) in setters.into_iter().enumerate().rev() {
                sleep(secs(1)).await;
                match n {
                    2 => drop(setter),
                    _ => plainly().unless_eq(setter.set(n as u32 * 10), Ok(())),
                }
            }
        };
        let waiting = waiting.collect::<Vec<()>>();
        let (_, time) = timed(futures::future::join(waiting, giving)).await;
        took(time).should_be(secs(4));
        let wanted = ["3: Ok(30)", "2: Err(\"Cancelled\")", "1: Ok(10)", "0: Ok(0)"];
        plainly().unless_eq(log.lines(), wanted);
    });
}
