//! The rest of the contract: no wake is lost, no poll is wasted, nothing is
//! asked of the future.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use exercise::block_on::block_on;
use futures::future::join_all;
use kit::{
    Elsewhere, Opener, Strict, StrictWatch, Tally, alarm, blame, early_wake, elsewhere, gate, lab,
    ms, narrow_wakes, patience, plainly, strict,
};

/// Stands at the beginning of tests in which an executor that forgets a wake
/// would sleep for ever. `early_wake` tells of it without a hang.
fn every_wake_counts() {
    no_wake_has_to_wait();
    block_on(early_wake("kettle").by_thread());
    block_on(early_wake("kettle"));
}

/// A wake leaves its mark and goes. Where it waits for the end of the poll, one
/// that comes from that poll would wait for ever.
fn no_wake_has_to_wait() {
    block_on(poll_fn(|cx| {
        let waker = cx.waker().clone();
        let woken = elsewhere(move || {
            waker.wake_by_ref();
            waker.wake();
        });
        blame("wake-lost-before-park")
            .because("wake-blocked", &[("who", &"kettle")])
            .unless(patience().any(|patience| woken.ends_within(patience)));
        Poll::Ready(())
    }));
}

/// A future that another thread ends, so long after its first poll, and its polls.
fn opened_after(delay: Duration) -> (Strict<usize>, Elsewhere<()>, StrictWatch) {
    let (opener, gate) = gate("guest");
    let watch = gate.watch();
    let opening = elsewhere(move || {
        // Not before the thread has had time to poll once too often.
        all_awaited(std::slice::from_ref(&opener));
        thread::sleep(delay);
        opener.open(0);
    });
    (gate, opening, watch)
}

/// Now and then a sleep ends for no reason. Not as often as `most`.
#[track_caller]
fn few_unasked(watches: impl Iterator<Item = StrictWatch>, most: usize) {
    let count = watches.filter(|watch| watch.polls() > 2).count();
    blame("busy-wake")
        .because("polled-unwoken", &[("who", &"guest"), ("count", &count)])
        .unless(count < most);
}

#[test]
fn it_polls_once_for_each_wake() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        let polled = |_| {
            let (gate, opening, watch) = opened_after(Duration::ZERO);
            plainly().unless_eq(block_on(gate), 0);
            plainly().unless(opening.join().is_ok());
            watch
        };
        few_unasked((0..8).map(polled), 4);
    });
}

#[test]
fn a_waker_that_is_dropped_is_no_wake() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        every_wake_counts();
        let polls = Arc::new(AtomicUsize::new(0));
        let counts = polls.clone();
        // Nobody will wake it: it waits until the test's process ends.
        let _waiting = elsewhere(move || {
            block_on(poll_fn(move |cx| {
                counts.fetch_add(1, SeqCst);
                drop(cx.waker().clone());
                Poll::<()>::Pending
            }));
        });
        while polls.load(SeqCst) == 0 {
            thread::yield_now();
        }
        thread::sleep(ms(50));
        let count = polls.load(SeqCst);
        blame("busy-wake")
            .because("polled-unwoken", &[("who", &"guest"), ("count", &count)])
            .unless(count <= 3);
    });
}

#[test]
fn it_sleeps_until_it_is_woken() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        block_on(alarm("kettle", ms(500)));
    });
}

/// Shorter than a sleep that `it_sleeps_until_it_is_woken` takes for a whole one, and long
/// enough that the machine does not decide.
const AT_ONCE: Duration = ms(100);

/// Whether a wake in the middle of the sleep ends it, or the sleep ends by itself, or not
/// at all: then it is still here. None: the machine is so busy that this shows nothing.
fn is_woken_at_once() -> Option<Result<(), Elsewhere<usize>>> {
    let (opener, gate) = gate("guest");
    let asleep = elsewhere(move || block_on(gate));
    // Somebody who is known to wake at once, and does so at the same time.
    let (other_opener, other) = channel();
    let other = elsewhere(move || other.recv());
    all_awaited(std::slice::from_ref(&opener));
    opener.open(0);
    // Gone only if that thread has panicked.
    let _ = other_opener.send(());
    let in_time = asleep.ends_within(AT_ONCE);
    match in_time {
        true => Some(Ok(())),
        false => other.ends_within(Duration::ZERO).then_some(Err(asleep)),
    }
}

#[test]
fn a_wake_ends_the_sleep_at_once() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        every_wake_counts();
        // Once in time is enough: no right answer is late ten times over.
        let tries = (0..100).filter_map(|_| is_woken_at_once()).take(10);
        let late: Vec<_> = tries.map_while(Result::err).collect();
        if late.len() < 10 {
            return;
        }
        // Late, or never? A nap ends by itself.
        let ends = late.iter().any(|asleep| asleep.ends_within(ms(1_500)));
        let (id, key) = match ends {
            true => ("busy-wake", "woken-late"),
            false => ("cross-thread-wake-lost", "never-woken"),
        };
        blame(id).because(key, &[("who", &"guest"), ("count", &late.len())]).now();
    });
}

#[test]
fn a_wake_during_the_poll_is_not_forgotten() {
    lab().stuck_means("wake-lost-before-park").run_sync(|| {
        every_wake_counts();
        // Two in a row, and each of them woken six times.
        block_on(async {
            early_wake("kettle").await;
            early_wake("toaster").await;
        });
        // A strict future that wakes itself, and may not be polled once too often.
        plainly().unless_eq(block_on(strict("tea", 42).pending(1_000)), 42);
    });
}

#[test]
fn a_wake_by_another_thread_during_the_poll_is_not_forgotten() {
    lab().stuck_means("wake-lost-before-park").run_sync(|| {
        block_on(early_wake("kettle").by_thread());
    });
}

#[test]
fn a_wake_ends_one_sleep_and_not_the_next() {
    lab().stuck_means("wake-lost-before-park").run_sync(|| {
        every_wake_counts();
        block_on(async {
            strict("tea", ()).pending(1).await;
            alarm("kettle", ms(50)).await;
        });
    });
}

#[test]
fn a_wake_between_the_poll_and_the_sleep_is_not_forgotten() {
    lab().stuck_means("wake-lost-before-park").run_sync(|| {
        every_wake_counts();
        narrow_wakes(&|future| block_on(future));
    });
}

/// Waits until all of them have been polled, and a little longer.
fn all_awaited(openers: &[Opener<usize>]) {
    while !openers.iter().all(Opener::is_awaited) {
        thread::yield_now();
    }
    thread::park_timeout(ms(5));
}

#[test]
fn wakes_from_many_threads_at_once_all_count() {
    lab().stuck_means("wake-lost-before-park").run_sync(|| {
        every_wake_counts();
        let (openers, gates): (Vec<_>, Vec<_>) = (0..8).map(|_| gate("guest")).unzip();
        let opening = elsewhere(move || {
            all_awaited(&openers);
            let openers = openers.into_iter().enumerate();
            let at_once: Vec<_> =
                openers.map(|(n, opener)| elsewhere(move || opener.open(n))).collect();
            at_once.into_iter().for_each(|one| one.join().expect("opening does not panic"));
        });
        let came: Vec<usize> = block_on(join_all(gates));
        plainly().unless(opening.join().is_ok());
        plainly().unless_eq(came, (0..8).collect::<Vec<_>>());
    });
}

#[test]
fn several_threads_run_futures_of_their_own() {
    // A wake that is forgotten is told without a hang. What hangs was woken on
    // the wrong thread.
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        every_wake_counts();
        let mut outer = Box::pin(early_wake("outer"));
        block_on(poll_fn(move |cx| {
            // It has nothing to wait for: only a lock could keep it out. Asked
            // before the wake, since this wait may use up the thread's token.
            let ready = elsewhere(|| block_on(strict("ready", 42)));
            blame("lock-serialises-work").unless(patience().any(|p| ready.ends_within(p)));
            let polled = outer.as_mut().poll(cx);
            // Woken, and not asleep yet. Meanwhile another call is woken, three
            // times over, and must not use up what is meant for this one.
            let inner = elsewhere(|| block_on(strict("inner", 42).pending(3)));
            plainly().unless_eq(inner.join().ok(), Some(42));
            polled
        }));

        let (openers, gates): (Vec<_>, Vec<_>) = (0..6).map(|_| gate("guest")).unzip();
        let running: Vec<_> = gates
            .into_iter()
            .map(|gate: Strict<usize>| elsewhere(move || block_on(gate)))
            .collect();
        all_awaited(&openers);
        // Who came last is woken first, and alone: a wake is not for whoever
        // has slept longest.
        for (n, (opener, running)) in openers.into_iter().zip(running).enumerate().rev() {
            opener.open(n);
            plainly().unless_eq(running.join().ok(), Some(n));
        }
    });
}

#[test]
fn a_wake_is_for_one_call_alone() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        every_wake_counts();
        let polled = |n| {
            let (opener, gate) = gate("guest");
            let watch = gate.watch();
            let guest = elsewhere(move || block_on(gate));
            all_awaited(std::slice::from_ref(&opener));
            // Woken, and nobody else is.
            block_on(alarm("neighbour", ms(5)));
            thread::park_timeout(ms(5));
            opener.open(n);
            plainly().unless_eq(guest.join().ok(), Some(n));
            watch
        };
        few_unasked((0..8).map(polled), 4);
    });
}

#[test]
fn nobody_looks_while_time_goes_by() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        every_wake_counts();
        // Three at once, on threads of their own.
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let (gate, opening, watch) = opened_after(ms(300));
                (elsewhere(move || block_on(gate)), opening, watch)
            })
            .collect();
        let polled = waiting.into_iter().map(|(guest, opening, watch)| {
            plainly().unless(guest.join().is_ok() && opening.join().is_ok());
            watch
        });
        few_unasked(polled, 3);
    });
}

#[test]
fn a_future_may_wait_for_a_thread_that_blocks_on_another_one() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        let (inner, outer) = block_on(async {
            let inner = elsewhere(|| {
                block_on(alarm("inner", ms(20)));
                "inner"
            });
            alarm("outer", ms(40)).await;
            (inner.join().ok(), "outer")
        });
        plainly().unless_eq((inner, outer), (Some("inner"), "outer"));
    });
}

// The futures below are boxed, so that these lines ask for nothing but the one
// thing that their gate names.

/// The longest word, after a wait.
async fn longest(words: &[String]) -> &str {
    alarm("reader", ms(1)).await;
    words.iter().max_by_key(|word| word.len()).map_or("", |word| word)
}

/// Counts to three on one thread, with a wait in between.
async fn count(count: Rc<Cell<u32>>) -> Rc<Cell<u32>> {
    count.set(count.get() + 1);
    alarm("counter", ms(1)).await;
    count.set(count.get() + 2);
    count
}

#[test]
fn the_future_may_borrow_from_its_caller() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        let words = ["tea", "soup", "at"].map(String::from);
        let word = block_on(Box::pin(longest(&words))); // gate: borrow-into-spawn
        plainly().unless_eq(word, "soup");
    });
}

#[test]
fn the_future_may_be_bound_to_its_thread() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        let cell = Rc::new(Cell::new(0));
        let same = block_on(Box::pin(count(cell.clone()))); // gate: borrow-into-spawn
        plainly().unless_eq((cell.get(), Rc::ptr_eq(&same, &cell)), (3, true));
    });
}

#[test]
fn a_waker_may_outlive_the_call() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        let tally = Tally::of("futures");
        let kept: Arc<Mutex<Option<Waker>>> = Arc::default();
        let (token, keep) = (tally.token(), kept.clone());
        let leaves_its_waker = poll_fn(move |cx| {
            *keep.lock().unwrap() = Some(cx.waker().clone());
            let _held = &token; // lives as long as this future
            Poll::Ready(())
        });
        block_on(leaves_its_waker);
        tally.should_live_plainly(0);

        let waker = kept.lock().unwrap().take();
        let Some(waker) = waker else { plainly().now() };
        waker.wake_by_ref();
        let elsewhere = elsewhere(move || waker.wake());
        plainly().unless(elsewhere.join().is_ok());
        // A wake of yesterday is not one of today.
        block_on(alarm("kettle", ms(20)));
    });
}

#[test]
fn a_sleep_that_ends_for_no_reason_is_no_wake() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        thread::current().unpark();
        block_on(alarm("kettle", ms(20)));
    });
}
