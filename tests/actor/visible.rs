//! Money comes in, moves, and is there at the end.

use std::num::NonZeroUsize;

use exercise::actor::{Bank, Ledger, TransferError};
use futures::FutureExt;
use kit::{Lab, blame, lab, panic_words, plainly, secs, tell_panic};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::timeout;

#[test]
fn what_is_paid_in_is_there_at_the_end() {
    watched().run(async {
        let (bank, task) = open(4);
        let first = bank.deposit("ada", 30).await;
        if first.is_err() {
            tell_panic();
        }
        plainly().unless_eq(first, Ok(30));
        plainly().unless_eq(bank.deposit("ben", 5).await, Ok(5));
        plainly().unless_eq(bank.deposit("ada", 12).await, Ok(42));
        plainly().unless_eq(bank.total().await, Ok(47));
        drop(bank);
        let ledger = closed(task).await;
        plainly().unless_eq((ledger.balance("ada"), ledger.balance("ben")), (42, 5));
    });
}

#[test]
fn a_transfer_moves_money_or_changes_nothing() {
    watched().run(async {
        let (bank, task) = open(4);
        plainly().unless_eq(bank.deposit("ada", 30).await, Ok(30));
        plainly().unless_eq(bank.transfer("ada", "ben", 10).await, Ok(()));
        let too_much = bank.transfer("ada", "ben", 21).await;
        let afterwards = bank.total().await;
        if afterwards.is_err() {
            died_of("one-failure-kills-all", task);
        }
        plainly().unless_eq(too_much, Err(TransferError::TooLittle));
        plainly().unless_eq(balances(&bank).await, [20, 10]);
        plainly().unless_eq(afterwards, Ok(30));
    });
}

/// All tests: who asks again and again never comes back, and who blocks the thread
/// does not either, as only this thread could do what it waits for.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake").wait_means("sync-io-in-async")
}

/// A bank with so many places in its mailbox.
pub fn open(mailbox: usize) -> (Bank, JoinHandle<Ledger>) {
    Bank::start(NonZeroUsize::new(mailbox).expect("more than none"))
}

/// Fails the test: the bank was open before something that should not have ended it.
pub fn died_of(pitfall: &str, task: JoinHandle<Ledger>) -> ! {
    let check = blame(pitfall);
    match task.now_or_never() {
        Some(Err(error)) if error.is_panic() => {
            let panic = error.into_panic();
            let message = panic_words(&*panic).unwrap_or_default();
            check.because("panicked", &[("who", &"bank"), ("message", &message)]).now()
        }
        _ => check.now(),
    }
}

/// What Ada and Ben have.
pub async fn balances(bank: &Bank) -> [u64; 2] {
    let mut found = [0; 2];
    for (account, found) in ["ada", "ben"].iter().zip(&mut found) {
        *found = bank.deposit(account, 0).await.expect("the bank is open");
    }
    found
}

/// What a bank leaves to which nobody can send an order any more.
pub async fn closed(task: JoinHandle<Ledger>) -> Ledger {
    let Ok(ended) = timeout(secs(3_600), task).await else { blame("self-kept-sender").now() };
    if ended.as_ref().is_err_and(JoinError::is_cancelled) {
        blame("shutdown-drops-work").now();
    }
    ended.expect("the bank does not panic")
}
