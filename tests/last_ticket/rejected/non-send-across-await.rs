//! "It all happens on one thread, so a Cell will do": buyers may be on any thread.

use std::cell::Cell;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: Cell<u32>,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: Cell::new(stock) }
    }

    pub fn available(&self) -> u32 {
        self.free.get()
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let ticket = {
            self.free.set(self.free.get().checked_sub(1).ok_or(NoTicket::SoldOut)?);
            Ticket { inventory: self, sold: false }
        };
        if approve.await { Ok(ticket) } else { Err(NoTicket::Declined) }
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
            self.inventory.free.set(self.inventory.free.get() + 1);
        }
    }
}
