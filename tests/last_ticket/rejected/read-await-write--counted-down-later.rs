//! "I count down what is there by then": but whether one is there was asked before the await.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: AtomicU32,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: AtomicU32::new(stock) }
    }

    pub fn available(&self) -> u32 {
        self.free.load(SeqCst)
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        if self.free.load(SeqCst) == 0 {
            return Err(NoTicket::SoldOut);
        }
        if !approve.await {
            return Err(NoTicket::Declined);
        }
        self.free.fetch_sub(1, SeqCst);
        Ok(Ticket { free: &self.free })
    }
}

pub struct Ticket<'a> {
    free: &'a AtomicU32,
}

impl Ticket<'_> {
    pub fn buy(self) {
        std::mem::forget(self);
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.free.fetch_add(1, SeqCst);
    }
}
