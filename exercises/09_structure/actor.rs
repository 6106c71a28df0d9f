//! actor: one task has the accounts, everybody else writes to it.
//!
//! You know this from asyncio:
//!
//!     async def bank(mailbox):
//!         accounts = Counter()
//!         while True:
//!             name, amount, reply = await mailbox.get()
//!             accounts[name] += amount
//!             reply.set_result(accounts[name])
//!
//! Two callers cannot get in each other's way, as only one task ever touches the
//! accounts. So nothing is locked, and an order is carried out in one piece.
//!
//! But callers leave. One is cancelled while it waits, and in Python that very line
//! raises InvalidStateError: the bank is dead, and everybody waits for ever. The rest
//! is about ends as well. Who hears that the bank is gone? How does the bank hear that
//! nobody is left?

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use tokio::task::JoinHandle;

/// The accounts. This is given: it computes, and waits for nobody.
///
/// All the money there is fits into a `u64`.
#[derive(Debug, Default)]
pub struct Ledger {
    accounts: BTreeMap<String, u64>,
}

impl Ledger {
    /// What is in this account. One that nobody has paid into has nothing.
    pub fn balance(&self, account: &str) -> u64 {
        self.accounts.get(account).copied().unwrap_or(0)
    }

    /// Pays in, and tells what is in the account now.
    pub fn deposit(&mut self, account: &str, amount: u64) -> u64 {
        let balance = self.accounts.entry(account.to_owned()).or_default();
        *balance += amount;
        *balance
    }

    /// Moves money. False if there is too little of it; then nothing has changed.
    pub fn transfer(&mut self, from: &str, to: &str, amount: u64) -> bool {
        let Some(rest) = self.balance(from).checked_sub(amount) else { return false };
        self.accounts.insert(from.to_owned(), rest);
        self.deposit(to, amount);
        true
    }

    /// What is in all accounts.
    pub fn total(&self) -> u64 {
        self.accounts.values().sum()
    }
}

/// The task of the bank has gone, and nobody will answer any more.
#[derive(Debug, PartialEq, Eq)]
pub struct BankGone;

/// Why a transfer did not take place.
#[derive(Debug, PartialEq, Eq)]
pub enum TransferError {
    /// There is less in the account than was to be moved. The bank goes on.
    TooLittle,
    /// See [`BankGone`].
    BankGone,
}

/// A way to reach the bank. Clones reach the same one, and so do tasks that share it.
#[derive(Clone)]
pub struct Bank {
    // TODO: what does a caller need to send an order?
}

impl Bank {
    /// Opens a bank: a task of the runtime, which has the [`Ledger`] to itself.
    ///
    /// - **The mailbox** holds so many orders that the task has not taken yet, also those
    ///   of callers who have left. They are taken in the order in which they came, of
    ///   whatever kind they are. Who finds it full waits for a place, and gets it in its
    ///   turn.
    /// - **An order** is carried out as a whole or not at all, also if its caller leaves
    ///   at any await. That caller is nobody else's trouble.
    /// - **The end.** When nobody can send an order any more, the task ends, and the
    ///   handle gives the ledger.
    /// - **The bitter end.** If the task is aborted, everybody hears of it: who comes
    ///   later, who waits for a place, and who waits for a reply.
    pub fn start(mailbox: NonZeroUsize) -> (Bank, JoinHandle<Ledger>) {
        let _ = mailbox;
        todo!("a mailbox, and a task that carries out what comes")
    }

    /// Pays in, and tells what is in the account now.
    pub async fn deposit(&self, account: &str, amount: u64) -> Result<u64, BankGone> {
        let _ = (account, amount);
        todo!("an order, and a way for the reply")
    }

    /// Moves money from one account to another.
    pub async fn transfer(&self, from: &str, to: &str, amount: u64) -> Result<(), TransferError> {
        let _ = (from, to, amount);
        todo!("an order, and a way for the reply")
    }

    /// What is in all accounts, at one moment.
    pub async fn total(&self) -> Result<u64, BankGone> {
        todo!("an order, and a way for the reply")
    }
}
