//! "All that is there at once: first what changes the accounts, and then the sum is right for all."

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// The accounts.
#[derive(Debug, Default)]
pub struct Ledger {
    accounts: BTreeMap<String, u64>,
}

impl Ledger {
    /// What is in this account.
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

/// The task of the bank has gone.
#[derive(Debug, PartialEq, Eq)]
pub struct BankGone;

/// Why a transfer did not take place.
#[derive(Debug, PartialEq, Eq)]
pub enum TransferError {
    /// There is less in the account than was to be moved.
    TooLittle,
    /// See [`BankGone`].
    BankGone,
}

/// What can be asked for. Each kind has the way back in it, for one reply.
enum Order {
    Deposit { account: String, amount: u64, reply: oneshot::Sender<u64> },
    Transfer { from: String, to: String, amount: u64, reply: oneshot::Sender<bool> },
    Total { reply: oneshot::Sender<u64> },
}

impl Order {
    /// Carries it out. There is no await in here, so nothing comes in between.
    fn carry_out(self, ledger: &mut Ledger) {
        match self {
            Order::Deposit { account, amount, reply } => {
                let _ = reply.send(ledger.deposit(&account, amount));
            }
            Order::Transfer { from, to, amount, reply } => {
                let _ = reply.send(ledger.transfer(&from, &to, amount));
            }
            Order::Total { reply } => {
                let _ = reply.send(ledger.total());
            }
        }
    }
}

/// A way to reach the bank.
#[derive(Clone)]
pub struct Bank {
    orders: mpsc::Sender<Order>,
}

impl Bank {
    /// Opens a bank.
    pub fn start(mailbox: NonZeroUsize) -> (Bank, JoinHandle<Ledger>) {
        let (orders, mut mail) = mpsc::channel::<Order>(mailbox.get());
        let task = tokio::spawn(async move {
            let mut ledger = Ledger::default();
            let mut orders = Vec::new();
            while mail.recv_many(&mut orders, 64).await > 0 {
                let (totals, others): (Vec<_>, Vec<_>) =
                    orders.drain(..).partition(|order| matches!(order, Order::Total { .. }));
                for order in others.into_iter().chain(totals) {
                    order.carry_out(&mut ledger);
                }
            }
            ledger
        });
        (Bank { orders }, task)
    }

    /// Pays in, and tells what is in the account now.
    pub async fn deposit(&self, account: &str, amount: u64) -> Result<u64, BankGone> {
        let account = account.to_owned();
        self.ask(|reply| Order::Deposit { account, amount, reply }).await
    }

    /// Moves money from one account to another.
    pub async fn transfer(&self, from: &str, to: &str, amount: u64) -> Result<(), TransferError> {
        let (from, to) = (from.to_owned(), to.to_owned());
        match self.ask(|reply| Order::Transfer { from, to, amount, reply }).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(TransferError::TooLittle),
            Err(BankGone) => Err(TransferError::BankGone),
        }
    }

    /// What is in all accounts, at one moment.
    pub async fn total(&self) -> Result<u64, BankGone> {
        self.ask(|reply| Order::Total { reply }).await
    }

    /// Sends an order, and waits for its reply.
    async fn ask<T>(&self, order: impl FnOnce(oneshot::Sender<T>) -> Order) -> Result<T, BankGone> {
        let (reply, answer) = oneshot::channel();
        self.orders.send(order(reply)).await.map_err(|_| BankGone)?;
        answer.await.map_err(|_| BankGone)
    }
}
