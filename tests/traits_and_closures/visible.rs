//! What every learner sees: stores in tasks, stores of all kinds in one list, and one that
//! remembers.

use std::sync::Arc;
use std::time::Duration;

use exercise::traits_and_closures::{AnyStore, Cached, Store};
use futures::future::join_all;
use kit::{Log, plainly, run, secs, span, tell_panic, timed, took};
use tokio::time::sleep;

#[test]
fn different_stores_lie_in_one_list() {
    run(async {
        let asked = Log::new();
        let city = String::from("Bergen");
        let home = AnyStore::from_fn(move |key| {
            let value = (key == "home").then(|| city.clone());
            async move {
                sleep(secs(3)).await;
                value
            }
        });
        let stores = [AnyStore::new(Shelf::new(2, &asked)), home, AnyStore::new(Nothing)];
        let mut found = Vec::new();
        let ((), time) = timed(async {
            for store in &stores {
                found.push((store.get("tea").await, store.get("home").await));
            }
        })
        .await;
        let home = Some("Bergen".to_owned());
        plainly().unless_eq(found, [(value("tea"), value("home")), (None, home), (None, None)]);
        plainly().unless_eq((asked.lines(), time), (vec!["tea".into(), "home".into()], secs(10)));
    });
}

#[test]
fn an_answer_is_remembered() {
    run(async {
        let asked = Log::new();
        let cached = Cached::new(Shelf::new(2, &asked));
        let (answers, time) =
            timed(async { [cached.get("tea").await, cached.get("tea").await] }).await;
        plainly().unless_eq(answers, [value("tea"), value("tea")]);
        plainly().unless_eq(asked.lines(), ["tea"]);
        took(time).should_be(secs(2));
    });
}

#[test]
fn tasks_may_ask_a_store() {
    run(async {
        let shelf = || Shelf::new(1, &Log::new());
        tasks_ask(shelf()).await;
        tasks_ask(AnyStore::new(shelf())).await;
        tasks_ask(Cached::new(shelf())).await;
        tasks_ask(AnyStore::new(Cached::new(AnyStore::new(shelf())))).await;
    });
}

/// Code that knows the trait, and not the store.
async fn tasks_ask<S: Store>(store: S) {
    let store = Arc::new(store);
    let tasks = ["tea", "nothing"].map(|key| {
        let store = store.clone();
        tokio::spawn(async move { store.get(key).await }) // gate: trait-future-not-send
    });
    let (answers, time) = timed(join_all(tasks)).await;
    if answers.iter().any(Result::is_err) {
        tell_panic();
    }
    took(time).slower_means("lock-serialises-work").should_be(secs(1));
    let answers: Vec<_> = answers.into_iter().map(Result::ok).collect();
    plainly().unless_eq(answers, [Some(value("tea")), Some(None)]);
}

/// A store that has everything but `nothing`, and takes its time to find it.
pub struct Shelf {
    time: Duration,
    asked: Log,
}

impl Shelf {
    pub fn new(seconds: u64, asked: &Log) -> Self {
        Shelf { time: secs(seconds), asked: asked.clone() }
    }
}

impl Store for Shelf {
    async fn get(&self, key: &str) -> Option<String> {
        self.asked.add(key);
        let _span = span(key);
        sleep(self.time).await;
        value(key)
    }
}

/// A store that has nothing, and says so at once.
pub struct Nothing;

impl Store for Nothing {
    async fn get(&self, _: &str) -> Option<String> {
        None
    }
}

/// What a shelf has.
pub fn value(key: &str) -> Option<String> {
    (key != "nothing").then(|| format!("the {key} of the shelf"))
}
