//! "Whoever waits leaves a waker, and is woken when there is a place."

use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use tokio::sync::{Notify, oneshot};
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
        // The caller may have left. That is no error of the bank, and nothing to do
        // about: the order came in, and has been carried out.
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

#[derive(Default)]
struct State {
    orders: VecDeque<Order>,
    handles: usize,
    gone: bool,
    tickets: u64,
    /// Who waits for a place, in their order.
    waiting: VecDeque<u64>,
    waker: Option<Waker>,
}

impl State {
    fn wake_next(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

struct Shared {
    state: Mutex<State>,
    most: usize,
    news: Notify,
}

/// A way to reach the bank.
pub struct Bank {
    shared: Arc<Shared>,
}

impl Clone for Bank {
    fn clone(&self) -> Self {
        self.shared.state.lock().unwrap().handles += 1;
        Bank { shared: self.shared.clone() }
    }
}

impl Drop for Bank {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap().handles -= 1;
        self.shared.news.notify_one();
    }
}

struct Place<'a> {
    shared: &'a Shared,
    ticket: Option<u64>,
}

impl Place<'_> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BankGone>> {
        let mut state = self.shared.state.lock().unwrap();
        if state.gone {
            return Poll::Ready(Err(BankGone));
        }
        let first = match self.ticket {
            Some(ticket) => state.waiting.front().is_some_and(|front| *front == ticket),
            None => state.waiting.is_empty(),
        };
        if first && state.orders.len() < self.shared.most {
            if self.ticket.take().is_some() {
                state.waiting.pop_front();
            }
            if state.orders.len() + 1 < self.shared.most {
                state.wake_next();
            }
            return Poll::Ready(Ok(()));
        }
        if self.ticket.is_none() {
            state.tickets += 1;
            self.ticket = Some(state.tickets);
            let ticket = state.tickets;
            state.waiting.push_back(ticket);
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let mut state = self.shared.state.lock().unwrap();
            state.waiting.retain(|one| *one != ticket);
            state.wake_next();
        }
    }
}

/// The task has this; so whatever ends it, the callers hear of it.
struct Mail(Arc<Shared>);

impl Mail {
    async fn next(&self) -> Option<Order> {
        loop {
            {
                let mut state = self.0.state.lock().unwrap();
                if let Some(order) = state.orders.pop_front() {
                    state.wake_next();
                    return Some(order);
                }
                if state.handles == 0 {
                    return None;
                }
            }
            self.0.news.notified().await;
        }
    }
}

impl Drop for Mail {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().unwrap();
        state.gone = true;
        state.orders.clear();
        state.wake_next();
    }
}

impl Bank {
    /// Opens a bank.
    pub fn start(mailbox: NonZeroUsize) -> (Bank, JoinHandle<Ledger>) {
        let shared = Arc::new(Shared {
            state: Mutex::new(State { handles: 1, ..State::default() }),
            most: mailbox.get(),
            news: Notify::new(),
        });
        let bank = Bank { shared: shared.clone() };
        let mail = Mail(shared);
        let task = tokio::spawn(async move {
            let mut ledger = Ledger::default();
            while let Some(order) = mail.next().await {
                order.carry_out(&mut ledger);
            }
            ledger
        });
        (bank, task)
    }

    /// Pays in, and tells what is in the account now.
    pub async fn deposit(&self, account: &str, amount: u64) -> Result<u64, BankGone> {
        let account = account.to_owned();
        self.ask(|reply| Order::Deposit { account, amount, reply }).await
    }

    /// Moves money from one account to another.
    pub async fn transfer(&self, from: &str, to: &str, amount: u64) -> Result<(), TransferError> {
        let (from, to) = (from.to_owned(), to.to_owned());
        // One order, not a withdrawal and a deposit: between two there would be an
        // await, and a moment at which the money is nowhere.
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

    async fn ask<T>(&self, order: impl FnOnce(oneshot::Sender<T>) -> Order) -> Result<T, BankGone> {
        let (reply, answer) = oneshot::channel();
        let mut place = Place { shared: &self.shared, ticket: None };
        poll_fn(|cx| place.poll(cx)).await?;
        self.shared.state.lock().unwrap().orders.push_back(order(reply));
        self.shared.news.notify_one();
        answer.await.map_err(|_| BankGone)
    }
}
