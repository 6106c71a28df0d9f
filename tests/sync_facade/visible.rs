//! What every learner sees: a caller without a runtime, and one inside of it.

use exercise::sync_facade::{AsyncStore, BlockingStore, Gone};
use futures::executor::block_on;
use kit::{
    blame, drive, elsewhere, lab, patience, paused_runtime, plainly, require_send, require_sync,
};
use tokio::task::yield_now;

/// A store that has something for every key but one.
pub struct Shelf;

impl AsyncStore for Shelf {
    async fn get(&mut self, key: &str) -> Option<String> {
        yield_now().await;
        (key != "nothing").then(|| on_shelf(key))
    }
}

/// What a [`Shelf`] has.
pub fn on_shelf(key: &str) -> String {
    format!("what stands at {key}")
}

/// What a caller gets.
pub type Got = Result<Option<String>, Gone>;

/// What a caller gets if the shelf has something for this key.
pub fn found(key: &str) -> Got {
    Ok(Some(on_shelf(key)))
}

/// The store for ordinary code.
pub fn facade(store: impl AsyncStore) -> BlockingStore {
    let facade = BlockingStore::new(store).expect("a machine has a thread to spare");
    require_send(&facade); // gate: non-send-across-await
    require_sync(&facade); // gate: non-send-across-await
    facade
}

#[test]
fn ordinary_code_gets_its_answers() {
    lab().run_sync(|| {
        let store = facade(Shelf);
        plainly().unless_eq(store.get("tea"), found("tea"));
        plainly().unless_eq(store.get("nothing"), Ok(None));
        plainly().unless_eq(store.get("milk"), found("milk"));
    });
}

/// All that a caller does with it.
fn is_made_asked_and_dropped() {
    let store = facade(Shelf);
    plainly().unless_eq(store.get("tea"), found("tea"));
    plainly().unless_eq(store.get("nothing"), Ok(None));
    // Where nothing is driven, too, somebody may wait in vain for the end.
    let other = facade(Shelf);
    let dropped = elsewhere(move || drop(other));
    blame("self-kept-sender")
        .because("drop-waits", &[])
        .unless(patience().any(|patience| dropped.ends_within(patience)));
    drop(store);
}

#[test]
fn a_thread_that_drives_tasks_may_ask() {
    // Whoever has the caller's runtime do it waits for a thread that is blocked.
    lab().stuck_means("nested-block-on").run_sync(|| {
        drive(&paused_runtime(), async { is_made_asked_and_dropped() });
        // Tokio is not the only one that drives tasks.
        block_on(async { is_made_asked_and_dropped() });
    });
}
