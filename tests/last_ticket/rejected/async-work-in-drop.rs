//! "The lock is an async one, and `drop` cannot await": so a task puts the ticket back, later.

use std::sync::Arc;

use tokio::sync::Mutex;

/// Why there is no ticket. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    /// None was free when the buyer came.
    SoldOut,
    /// The bank said no.
    Declined,
}

/// The tickets for one evening. Buyers may be on any thread.
pub struct Inventory {
    free: Arc<Mutex<u32>>,
}

impl Inventory {
    /// So many tickets, all of them free.
    pub fn new(stock: u32) -> Self {
        Inventory { free: Arc::new(Mutex::new(stock)) }
    }

    /// How many tickets are free now: not sold, and not put aside for anybody.
    ///
    /// Can be asked at any time, also while a buyer waits for the bank.
    pub fn available(&self) -> u32 {
        self.free.try_lock().map_or(0, |free| *free)
    }

    /// Puts a ticket aside, asks the buyer's bank, and hands the ticket out.
    /// `approve` gives the bank's answer.
    ///
    /// From the first poll on, the ticket is not free for others. If none is free
    /// by then it gives `SoldOut` at once, without a word to the bank. Each buyer
    /// waits for one bank only, the own.
    ///
    /// The ticket is free again as soon as the bank says no, or panics, or this
    /// future is dropped.
    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let ticket = self.put_aside().await.ok_or(NoTicket::SoldOut)?;
        if approve.await { Ok(ticket) } else { Err(NoTicket::Declined) }
    }

    /// Looks and takes in one step.
    async fn put_aside(&self) -> Option<Ticket<'_>> {
        let mut free = self.free.lock().await;
        *free = free.checked_sub(1)?;
        Some(Ticket { inventory: self, sold: false })
    }
}

/// A ticket in a buyer's hands, not paid yet. If it is dropped, it is free again.
#[must_use = "a ticket that nobody buys is free again"]
pub struct Ticket<'a> {
    inventory: &'a Inventory,
    sold: bool,
}

impl Ticket<'_> {
    /// Pays: this ticket is sold, and never free again.
    pub fn buy(mut self) {
        self.sold = true;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if !self.sold {
            let free = self.inventory.free.clone();
            tokio::spawn(async move { *free.lock().await += 1 });
        }
    }
}
