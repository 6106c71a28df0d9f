//! A semaphore keeps the tickets: to buy is to forget the permit.

use tokio::sync::{Semaphore, SemaphorePermit};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    tickets: Semaphore,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { tickets: Semaphore::new(stock as usize) }
    }

    pub fn available(&self) -> u32 {
        self.tickets.available_permits() as u32
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let Ok(permit) = self.tickets.try_acquire() else { return Err(NoTicket::SoldOut) };
        match approve.await {
            true => Ok(Ticket { permit }),
            false => Err(NoTicket::Declined),
        }
    }
}

pub struct Ticket<'a> {
    permit: SemaphorePermit<'a>,
}

impl Ticket<'_> {
    pub fn buy(self) {
        self.permit.forget();
    }
}
