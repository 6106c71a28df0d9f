//! What every learner sees: two buyers and one ticket, and what becomes of tickets.

use std::pin::Pin;
use std::time::Duration;

use exercise::last_ticket::{Inventory, NoTicket, Ticket};
use kit::{
    Blame, Lab, Log, blame, lab, ms, plainly, require_send, require_sync, secs, span, timed, took,
};
use tokio::join;
use tokio::time::sleep;

/// What a buyer's bank will say.
pub type Bank = Pin<Box<dyn Future<Output = bool> + Send>>;

/// What a buyer got, and how long it took.
pub type Got<'a> = (Result<Ticket<'a>, NoTicket>, Duration);

/// A bank that thinks for so many seconds. The log has the buyers whose banks were
/// asked.
pub fn bank(asked: &Log, buyer: &'static str, seconds: u64, says: bool) -> Bank {
    let asked = asked.clone();
    Box::pin(async move {
        let _span = span(format!("bank of {buyer}"));
        asked.add(buyer);
        sleep(secs(seconds)).await;
        says
    })
}

/// One buyer's way through the shop.
pub async fn reserve(inventory: &Inventory, bank: Bank) -> Got<'_> {
    require_sync(inventory); // gate: non-send-across-await
    let reserved = inventory.reserve(bank);
    require_send(&reserved); // gate: guard-across-await
    timed(reserved).await
}

/// Whether the buyer has a ticket, and if not, why.
pub fn told(got: &Got<'_>) -> Result<(), NoTicket> {
    got.0.as_ref().map(drop).map_err(|why| *why)
}

/// This buyer found no free ticket: told at once, and the bank knows nothing of it.
pub fn finds_none(buyer: &'static str, got: &Got<'_>, asked: &Log) {
    plainly()
        .because("bank-asked", &[("who", &buyer)])
        .unless(!asked.lines().iter().any(|line| line == buyer));
    took(got.1).slower_means("lock-serialises-work").should_be(Duration::ZERO);
    plainly().unless_eq(told(got), Err(NoTicket::SoldOut));
}

/// This buyer found a free ticket, waited for the bank and for nobody else.
pub fn has_one(got: &Got<'_>, seconds: u64) {
    plainly().unless_eq(told(got), Ok(()));
    took(got.1).slower_means("lock-serialises-work").should_be(secs(seconds));
}

/// So many tickets are free, after what has just happened. If not, `check` says
/// what that means.
pub fn free(inventory: &Inventory, expected: u32, after: &str, check: Blame) {
    let count = inventory.available();
    check
        .because("tickets-free", &[("after", &after), ("count", &count), ("expected", &expected)])
        .unless(count == expected);
}

/// So many tickets are free, now that one was dropped. If not, `check` says what that
/// means.
pub async fn comes_back(inventory: &Inventory, expected: u32, after: &str, check: Blame) {
    let count = inventory.available();
    // Time for a task that brings it back, and for nothing else.
    sleep(ms(1)).await;
    let is_late = inventory.available() == expected;
    let check = if is_late { blame("async-work-in-drop") } else { check };
    check
        .because("tickets-free", &[("after", &after), ("count", &count), ("expected", &expected)])
        .unless(count == expected);
}

/// All tests: whoever waits for a ticket to come back waits for ever, or blocks all.
pub fn watched() -> Lab {
    lab().stuck_means("sync-io-in-async").hang_means("lock-serialises-work")
}

#[test]
fn the_last_ticket_goes_to_one_buyer() {
    watched().run(async {
        let (inventory, asked) = (Inventory::new(1), Log::new());
        let (ada, bob) = join!(
            reserve(&inventory, bank(&asked, "Ada", 3, true)),
            reserve(&inventory, bank(&asked, "Bob", 2, true)),
        );
        let both = told(&ada).is_ok() && told(&bob).is_ok();
        blame("read-await-write")
            .because("tickets-out", &[("count", &2), ("stock", &1)])
            .unless(!both);
        // Both were there before their banks, and only one of them after.
        let loser = if told(&ada).is_ok() { "Bob" } else { "Ada" };
        blame("read-await-write")
            .because("bank-asked", &[("who", &loser)])
            .unless(asked.lines().len() < 2);
        finds_none("Bob", &bob, &asked);
        has_one(&ada, 3);
    });
}

#[test]
fn a_ticket_is_sold_or_comes_back() {
    watched().run(async {
        let (inventory, asked) = (Inventory::new(3), Log::new());
        let yes = |seconds| bank(&asked, "Ada", seconds, true);
        let first = reserve(&inventory, yes(1)).await;
        has_one(&first, 1);
        free(&inventory, 2, "one ticket was handed out", plainly());
        first.0.into_iter().for_each(Ticket::buy);
        free(&inventory, 2, "it was bought", plainly());

        let second = reserve(&inventory, yes(1)).await;
        has_one(&second, 1);
        drop(second);
        let dropped = "another one was dropped without being bought";
        comes_back(&inventory, 2, dropped, plainly()).await;

        let third = reserve(&inventory, bank(&asked, "Bob", 1, false)).await;
        plainly().unless_eq(told(&third), Err(NoTicket::Declined));
        free(&inventory, 2, "a bank had said no", plainly());
    });
}
