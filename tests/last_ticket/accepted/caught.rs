//! A bank that panics counts as one that says no.

use std::panic::AssertUnwindSafe;
use std::sync::Mutex;

use futures::FutureExt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: Mutex<u32>,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: Mutex::new(stock) }
    }

    pub fn available(&self) -> u32 {
        *self.free.lock().unwrap()
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let ticket = {
            let mut free = self.free.lock().unwrap();
            *free = free.checked_sub(1).ok_or(NoTicket::SoldOut)?;
            Ticket { inventory: self, sold: false }
        };
        match AssertUnwindSafe(approve).catch_unwind().await {
            Ok(true) => Ok(ticket),
            _ => Err(NoTicket::Declined),
        }
    }
}

pub struct Ticket<'a> {
    inventory: &'a Inventory,
    sold: bool,
}

impl Ticket<'_> {
    pub fn buy(mut self) {
        self.sold = true;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if !self.sold {
            *self.inventory.free.lock().unwrap() += 1;
        }
    }
}
