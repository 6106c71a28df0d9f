//! The rest of the contract: many callers, timers, tasks, the end, a panic.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvError, RecvTimeoutError, Sender, channel};
use std::task::Waker;
use std::time::Duration;

use exercise::sync_facade::{AsyncStore, BlockingStore, Gone};
use futures::FutureExt;
use kit::{alarm, blame, drive, elsewhere, lab, ms, patience, paused_runtime, plainly, poll_with};
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::visible::{Got, Shelf, facade, found, on_shelf};

/// Threads that ask, and how often each does.
const CALLERS: usize = 8;
const QUESTIONS: usize = 100;

#[test]
fn each_thread_gets_the_answer_to_its_own_question() {
    lab().run_sync(|| {
        let store = Arc::new(facade(Shelf));
        let ask = |caller| {
            let store = store.clone();
            move || (0..QUESTIONS).find_map(|n| other_than_found(&store, format!("{caller}.{n}")))
        };
        let callers: Vec<_> = (0..CALLERS).map(|caller| elsewhere(ask(caller))).collect();
        for caller in callers {
            let Ok(wrong) = caller.join() else { plainly().because("caller-panicked", &[]).now() };
            let Some((got, key)) = wrong else { continue };
            let is_anothers = matches!(&got, Ok(Some(_)));
            let check = if is_anothers { blame("result-order-mixup") } else { plainly() };
            check.unless_eq(got, found(&key));
        }
    });
}

/// What came for this key, and the key, if that is not what the shelf has.
fn other_than_found(store: &BlockingStore, key: String) -> Option<(Got, String)> {
    let got = store.get(&key);
    (got != found(&key)).then_some((got, key))
}

/// Sleeps before it answers, and tells how often it was asked.
struct Slow(Duration, u32);

impl AsyncStore for Slow {
    async fn get(&mut self, key: &str) -> Option<String> {
        sleep(self.0).await;
        self.1 += 1;
        Some(format!("{key} {}", self.1))
    }
}

#[test]
fn the_store_may_sleep() {
    lab().run_sync(|| {
        let store = facade(Slow(ms(2), 0));
        for wanted in ["tea 1", "tea 2"] {
            plainly().unless_eq(store.get("tea"), Ok(Some(wanted.to_owned())));
        }
    });
}

#[test]
fn who_waits_is_asleep() {
    lab().run_sync(|| {
        let store = facade(Slow(ms(120), 0));
        // On a busy machine a thread that works may look like one that sleeps, but
        // not each time.
        for wanted in ["tea 1", "tea 2", "tea 3"] {
            drive(&paused_runtime(), async {
                // Rings while the caller waits, and knows what this thread did meanwhile.
                let mut alarm = pin!(alarm("the caller", ms(100)));
                let begun = poll_with(alarm.as_mut(), Waker::noop());
                plainly().unless_eq(store.get("tea"), Ok(Some(wanted.to_owned())));
                if begun.is_pending() {
                    alarm.await;
                }
            });
        }
    });
}

/// Spawns a task with the first question, which tells at its end whether its thread
/// was asleep all the while.
struct Prefetching(Option<Sender<bool>>);

impl AsyncStore for Prefetching {
    async fn get(&mut self, key: &str) -> Option<String> {
        if let Some(done) = self.0.take() {
            tokio::spawn(async move {
                let wait = AssertUnwindSafe(alarm("the store's thread", ms(100)));
                let _ = done.send(wait.catch_unwind().await.is_ok());
            });
        }
        Some(on_shelf(key))
    }
}

#[test]
fn what_the_store_has_spawned_goes_on_between_questions() {
    lab().stuck_means("sync-io-in-async").run_sync(|| {
        let (done, is_done) = channel();
        let store = facade(Prefetching(Some(done)));
        plainly().unless_eq(store.get("tea"), found("tea"));
        let slept = is_done.recv();
        plainly().because("spawned-dropped", &[]).unless(slept.is_ok());
        blame("busy-wake").because("store-not-asleep", &[]).unless(slept == Ok(true));
        plainly().unless_eq(store.get("milk"), found("milk"));
    });
}

thread_local! {
    /// Dropped when this thread ends.
    static HERE: RefCell<Option<Sender<()>>> = const { RefCell::new(None) };
}

/// Leaves one sender with the thread that drives it, and has one itself. Breaks with
/// one key.
struct Traced {
    thread: Sender<()>,
    _store: Sender<()>,
}

impl AsyncStore for Traced {
    async fn get(&mut self, key: &str) -> Option<String> {
        yield_now().await;
        HERE.replace(Some(self.thread.clone()));
        assert!(key != "glass", "the shelf breaks");
        Some(on_shelf(key))
    }
}

#[test]
fn nothing_is_left_when_it_is_dropped() {
    // Whoever waits for questions for ever keeps the store.
    lab().stuck_means("self-kept-sender").run_sync(|| {
        let (thread, of_thread) = channel();
        let (store, of_store) = channel();
        let facade = facade(Traced { thread, _store: store });
        plainly().unless_eq(facade.get("tea"), found("tea"));
        drop(facade);
        plainly().unless_eq(of_store.recv(), Err(RecvError));
        plainly().unless_eq(of_thread.recv(), Err(RecvError));
    });
}

#[test]
fn nor_when_the_store_breaks() {
    lab().stuck_means("swallowed-join-error").run_sync(|| {
        let (thread, of_thread) = channel();
        let (store, of_store) = channel();
        let facade = facade(Traced { thread, _store: store });
        plainly().unless_eq(facade.get("tea"), found("tea"));
        blame("swallowed-join-error").unless_eq(facade.get("glass"), Err(Gone));
        let ends = |of: &Receiver<()>| {
            patience().any(|time| of.recv_timeout(time) == Err(RecvTimeoutError::Disconnected))
        };
        for (what, of) in [("the store was dropped", of_store), ("its thread ended", of_thread)] {
            plainly().because("not-true", &[("what", &what)]).unless(ends(&of));
        }
        plainly().unless_eq(facade.get("tea"), Err(Gone));
    });
}

/// Breaks with one key, and waits before that until a second caller is there.
struct Fragile(Option<oneshot::Receiver<()>>);

impl AsyncStore for Fragile {
    async fn get(&mut self, key: &str) -> Option<String> {
        if key == "glass" {
            if let Some(second) = self.0.take() {
                let _ = second.await;
            }
            panic!("the shelf breaks");
        }
        Some(on_shelf(key))
    }
}

#[test]
fn who_waits_hears_that_the_store_is_gone() {
    lab().stuck_means("swallowed-join-error").run_sync(|| {
        let (comes, second) = oneshot::channel();
        let store = Arc::new(facade(Fragile(Some(second))));
        plainly().unless_eq(store.get("tea"), found("tea"));
        let other = store.clone();
        let other = elsewhere(move || {
            drop(comes);
            other.get("glass")
        });
        blame("swallowed-join-error").unless_eq(store.get("glass"), Err(Gone));
        let Ok(got) = other.join() else { plainly().because("caller-panicked", &[]).now() };
        blame("swallowed-join-error").unless_eq(got, Err(Gone));
        plainly().unless_eq(store.get("tea"), Err(Gone));
    });
}

#[test]
fn so_does_who_waits_where_tasks_are_driven() {
    lab().stuck_means("swallowed-join-error").run_sync(|| {
        drive(&paused_runtime(), async {
            let store = facade(Fragile(None));
            plainly().unless_eq(store.get("tea"), found("tea"));
            blame("swallowed-join-error").unless_eq(store.get("glass"), Err(Gone));
        });
    });
}
