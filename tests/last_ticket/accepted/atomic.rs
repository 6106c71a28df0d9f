//! No lock: the number itself says whether one could be taken.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory(AtomicU32);

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory(AtomicU32::new(stock))
    }

    pub fn available(&self) -> u32 {
        self.0.load(SeqCst)
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let taken = self.0.fetch_update(SeqCst, SeqCst, |free| free.checked_sub(1));
        taken.map_err(|_| NoTicket::SoldOut)?;
        let ticket = Ticket(self);
        approve.await.then_some(ticket).ok_or(NoTicket::Declined)
    }
}

pub struct Ticket<'a>(&'a Inventory);

impl Ticket<'_> {
    pub fn buy(self) {
        std::mem::forget(self);
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, SeqCst);
    }
}
