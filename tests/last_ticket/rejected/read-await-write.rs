//! "Nothing can come in between, there is one thread": the number that is written back is an old one.

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

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let free = self.available();
        if free == 0 {
            return Err(NoTicket::SoldOut);
        }
        if !approve.await {
            return Err(NoTicket::Declined);
        }
        *self.free.lock().unwrap() = free - 1;
        Ok(Ticket { inventory: self, sold: false })
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
