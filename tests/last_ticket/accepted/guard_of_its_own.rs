//! What is put aside and what is handed out are two types; the first is disarmed when it becomes the second.

use std::sync::Mutex;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

struct Counts {
    stock: u32,
    held: u32,
    sold: u32,
}

pub struct Inventory {
    counts: Mutex<Counts>,
}

struct Aside<'a> {
    inventory: &'a Inventory,
    armed: bool,
}

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        if self.armed {
            self.inventory.counts.lock().unwrap().held -= 1;
        }
    }
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { counts: Mutex::new(Counts { stock, held: 0, sold: 0 }) }
    }

    pub fn available(&self) -> u32 {
        let counts = self.counts.lock().unwrap();
        counts.stock - counts.held - counts.sold
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        {
            let mut counts = self.counts.lock().unwrap();
            if counts.held + counts.sold == counts.stock {
                return Err(NoTicket::SoldOut);
            }
            counts.held += 1;
        }
        let mut aside = Aside { inventory: self, armed: true };
        if !approve.await {
            return Err(NoTicket::Declined);
        }
        aside.armed = false;
        Ok(Ticket { inventory: Some(self) })
    }
}

pub struct Ticket<'a> {
    inventory: Option<&'a Inventory>,
}

impl Ticket<'_> {
    pub fn buy(mut self) {
        let Some(inventory) = self.inventory.take() else { return };
        let mut counts = inventory.counts.lock().unwrap();
        counts.held -= 1;
        counts.sold += 1;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if let Some(inventory) = self.inventory {
            inventory.counts.lock().unwrap().held -= 1;
        }
    }
}
