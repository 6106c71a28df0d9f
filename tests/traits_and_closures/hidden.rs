//! The rest of the contract: beside each other, and dropped half-way.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock, Weak};

use exercise::traits_and_closures::{AnyStore, Cached, Store};
use kit::{Log, Tally, blame, lab, mock, ms, plainly, run, secs, timed, took};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::visible::{Nothing, Shelf, value};

#[test]
fn any_store_hands_on_each_question() {
    run(async {
        let asked = Log::new();
        let store = AnyStore::new(Shelf::new(1, &asked));
        let both = async { futures::join!(store.get("tea"), store.get("tea")) };
        let (answers, time) = timed(both).await;
        plainly().unless_eq(answers, (value("tea"), value("tea")));
        took(time).slower_means("lock-serialises-work").should_be(secs(1));
        plainly().unless_eq(store.get("tea").await, value("tea"));
        plainly().unless_eq(asked.lines(), ["tea", "tea", "tea"]);

        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        let store = AnyStore::from_fn(move |key| {
            let call = counted.fetch_add(1, SeqCst);
            async move {
                sleep(secs(1)).await;
                Some(format!("{key} {call}"))
            }
        });
        let both = async { futures::join!(store.get("a"), store.get("a")) };
        let (answers, time) = timed(both).await;
        plainly().unless_eq(answers, (Some("a 0".to_owned()), Some("a 1".to_owned())));
        took(time).slower_means("lock-serialises-work").should_be(secs(1));
        plainly().unless_eq(calls.load(SeqCst), 2);
    });
}

#[test]
fn what_any_store_was_asked_is_dropped_with_the_question() {
    run(async {
        let tally = Tally::of("question");
        let counts = tally.clone();
        let from_fn = AnyStore::from_fn(move |_| {
            let token = counts.token();
            async move {
                sleep(secs(1)).await;
                drop(token);
                None
            }
        });
        for store in [AnyStore::new(Counting(tally.clone())), from_fn] {
            let mut question = mock("the question", store.get("tea"));
            plainly().unless(question.poll().is_pending());
            // Time for one who asks somewhere else.
            sleep(ms(500)).await;
            plainly().unless_eq(tally.live(), 1);
            drop(question);
            sleep(ms(1)).await;
            tally.should_live(0, "dropped-handle-detaches");
        }
        plainly().unless_eq(tally.made(), 2);
    });
}

#[test]
fn who_asks_while_it_is_asked_waits_for_the_same_answer() {
    lab().hang_means("pending-without-waker").run(async {
        let asked = Log::new();
        let cached = Cached::new(Shelf::new(2, &asked));
        let later = async {
            sleep(secs(1)).await;
            cached.get("tea").await
        };
        let three = async { futures::join!(cached.get("tea"), cached.get("tea"), later) };
        let (answers, time) = timed(three).await;
        plainly().unless_eq(answers, (value("tea"), value("tea"), value("tea")));
        blame("read-await-write").unless_eq(asked.lines(), ["tea"]);
        took(time).should_be(secs(2));

        // In tasks, each of which somebody has to wake.
        let asked = Log::new();
        let cached = Arc::new(Cached::new(Shelf::new(2, &asked)));
        for task in [(); 3].map(|()| in_a_task(&cached, "tea")) {
            plainly().unless_eq(task.await.ok(), Some(value("tea")));
        }
        blame("read-await-write").unless_eq(asked.lines(), ["tea"]);
    });
}

#[test]
fn keys_do_not_wait_for_each_other() {
    run(async {
        let asked = Log::new();
        let cached = Cached::new(Shelf::new(2, &asked));
        plainly().unless_eq(cached.get("sugar").await, value("sugar"));
        let known = async {
            sleep(secs(1)).await;
            timed(cached.get("sugar")).await
        };
        let three = async { futures::join!(cached.get("tea"), cached.get("milk"), known) };
        let ((tea, milk, (sugar, at_once)), time) = timed(three).await;
        plainly().unless_eq([tea, milk, sugar], ["tea", "milk", "sugar"].map(value));
        took(time).slower_means("lock-serialises-work").should_be(secs(2));
        took(at_once).slower_means("lock-serialises-work").should_be(secs(0));
        plainly().unless_eq(asked.lines(), ["sugar", "tea", "milk"]);

        // More keys than anybody has places for.
        let asked = Log::new();
        let cached = Arc::new(Cached::new(Shelf::new(2, &asked)));
        let keys = 0..200;
        let tasks: Vec<_> = keys.map(|key| in_a_task(&cached, &key.to_string())).collect();
        let ((), time) = timed(async {
            for task in tasks {
                plainly().unless(task.await.is_ok_and(|answer| answer.is_some()));
            }
        })
        .await;
        took(time).slower_means("lock-serialises-work").should_be(secs(2));
        // And all of them are remembered.
        for key in 0..200 {
            plainly().unless(cached.get(&key.to_string()).await.is_some());
        }
        plainly().unless_eq(asked.lines().len(), 200);
    });
}

#[test]
fn none_is_an_answer_and_is_remembered() {
    run(async {
        let asked = Log::new();
        let cached = Cached::new(Shelf::new(2, &asked));
        for _ in 0..3 {
            plainly().unless_eq(cached.get("nothing").await, None);
        }
        plainly().unless_eq(asked.lines(), ["nothing"]);
        // One that says so at once is no special case.
        let cached = Cached::new(Nothing);
        plainly().unless_eq(futures::join!(cached.get("a"), cached.get("a")), (None, None));
    });
}

#[test]
fn a_store_may_ask_back() {
    lab().hang_means("lock-serialises-work").run(async {
        // Tea depends on water, and water on the well.
        let back: Arc<OnceLock<Weak<Cached<AnyStore>>>> = Arc::default();
        let cached = back.clone();
        let store = AnyStore::from_fn(move |key| {
            let cached = cached.get().and_then(Weak::upgrade).expect("it lives");
            async move {
                sleep(secs(1)).await;
                let from = match &*key {
                    "tea" => cached.get("water").await?,
                    "water" => cached.get("well").await?,
                    _ => String::from("nature"),
                };
                Some(format!("{key} of {from}"))
            }
        });
        let cached = Arc::new(Cached::new(store));
        back.set(Arc::downgrade(&cached)).expect("set once");
        let (answer, time) = timed(cached.get("tea")).await;
        plainly().unless_eq(answer.as_deref(), Some("tea of water of well of nature"));
        took(time).should_be(secs(3));
        let (answer, time) = timed(cached.get("water")).await;
        plainly().unless_eq(answer.as_deref(), Some("water of well of nature"));
        took(time).should_be(secs(0));
    });
}

#[test]
fn who_asked_first_may_leave() {
    lab().hang_means("cancel-tears-state").run(async {
        for waiting in [0, 1, 2] {
            let asked = Log::new();
            let cached = Arc::new(Cached::new(Shelf::new(2, &asked)));
            let mut first = mock("who asks first", cached.get("tea"));
            plainly().unless(first.poll().is_pending());
            let others: Vec<_> = (0..waiting).map(|_| in_a_task(&cached, "tea")).collect();
            sleep(secs(1)).await;
            drop(first);
            for other in others {
                answered(other).await;
            }
            answered(in_a_task(&cached, "tea")).await;
            // At most one of them has asked again.
            blame("read-await-write").unless(asked.lines().len() <= 2);
        }
    });
}

#[test]
fn who_takes_over_may_leave_too() {
    lab().hang_means("cancel-tears-state").run(async {
        let cached = Arc::new(Cached::new(Shelf::new(2, &Log::new())));
        let mut first = mock("who asks first", cached.get("tea"));
        plainly().unless(first.poll().is_pending());
        let second = in_a_task(&cached, "tea");
        let third = in_a_task(&cached, "tea");
        sleep(ms(500)).await;
        drop(first);
        sleep(ms(500)).await;
        second.abort();
        answered(third).await;

        // Dropped before it has had a turn.
        let cached = Arc::new(Cached::new(Shelf::new(2, &Log::new())));
        let mut first = mock("who asks first", cached.get("tea"));
        let mut second = mock("who is next", cached.get("tea"));
        plainly().unless(first.poll().is_pending() && second.poll().is_pending());
        let third = in_a_task(&cached, "tea");
        sleep(ms(500)).await;
        drop(first);
        drop(second);
        answered(third).await;

        // Dropped at the very moment when the answer is there, and nobody waits.
        let mut first = mock("who asks first", cached.get("milk"));
        plainly().unless(first.poll().is_pending());
        sleep(secs(2)).await;
        drop(first);
        plainly().unless_eq(cached.get("milk").await, value("milk"));
    });
}

#[test]
fn who_only_waits_may_leave() {
    lab().hang_means("cancel-tears-state").run(async {
        let asked = Log::new();
        let cached = Arc::new(Cached::new(Shelf::new(2, &asked)));
        let first = in_a_task(&cached, "tea");
        sleep(ms(500)).await;
        let mut second = mock("who waits", cached.get("tea"));
        plainly().unless(second.poll().is_pending());
        sleep(ms(500)).await;
        blame("read-await-write").unless_eq(asked.lines(), ["tea"]);
        drop(second);
        let third = in_a_task(&cached, "tea");
        answered(first).await;
        answered(third).await;
        // The first one went on asking, so nobody else had to.
        blame("cancel-tears-state").unless_eq(asked.lines(), ["tea"]);
    });
}

/// Asks for this key.
fn in_a_task(cached: &Arc<Cached<Shelf>>, key: &str) -> JoinHandle<Option<String>> {
    let (cached, key) = (cached.clone(), key.to_owned());
    tokio::spawn(async move { cached.get(&key).await }) // gate: trait-future-not-send
}

/// Gets the tea, though somebody has left.
async fn answered(task: JoinHandle<Option<String>>) {
    let answer = task.await;
    // Who waits may panic when it finds nobody to wait for.
    blame("cancel-tears-state").unless(answer.is_ok());
    plainly().unless_eq(answer.ok().flatten(), value("tea"));
}

/// A store that counts the questions it works on, and has nothing.
struct Counting(Tally);

impl Store for Counting {
    async fn get(&self, _: &str) -> Option<String> {
        let _token = self.0.token();
        sleep(secs(1)).await;
        None
    }
}
