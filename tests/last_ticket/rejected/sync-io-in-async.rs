//! "Then wait until one comes back": with a tool that blocks the thread, and with it whoever could give one back.

use std::sync::{Condvar, Mutex};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: Mutex<u32>,
    back: Condvar,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: Mutex::new(stock), back: Condvar::new() }
    }

    pub fn available(&self) -> u32 {
        *self.free.lock().unwrap()
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let ticket = {
            let free = self.free.lock().unwrap();
            let mut free = self.back.wait_while(free, |free| *free == 0).unwrap();
            *free -= 1;
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
            *self.inventory.free.lock().unwrap() += 1;
            self.inventory.back.notify_one();
        }
    }
}
