//! "The bank gets a task of its own": then it may borrow nothing from its buyer.

use std::sync::Mutex;

use tokio::task::JoinHandle;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: Mutex<u32>,
}

struct Asked(JoinHandle<bool>);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: Mutex::new(stock) }
    }

    pub fn available(&self) -> u32 {
        *self.free.lock().unwrap()
    }

    pub async fn reserve<F: Future<Output = bool> + Send + 'static>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let ticket = {
            let mut free = self.free.lock().unwrap();
            *free = free.checked_sub(1).ok_or(NoTicket::SoldOut)?;
            Ticket { inventory: self, sold: false }
        };
        let mut bank = Asked(tokio::spawn(approve));
        match (&mut bank.0).await {
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
