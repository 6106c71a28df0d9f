//! "Who calls first is served first": the call puts the ticket aside, and perhaps nobody ever polls.

use std::sync::Mutex;

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

    pub fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> impl Future<Output = Result<Ticket<'_>, NoTicket>> {
        let ticket = {
            let mut free = self.free.lock().unwrap();
            let left = free.checked_sub(1);
            *free = left.unwrap_or(0);
            left.map(|_| Ticket { inventory: self, sold: false })
        };
        async move {
            let ticket = ticket.ok_or(NoTicket::SoldOut)?;
            if approve.await { Ok(ticket) } else { Err(NoTicket::Declined) }
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
