//! "If none is free, let the others go first, and look again."

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::yield_now;

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
        let permit = loop {
            match self.tickets.try_acquire() {
                Ok(permit) => break permit,
                Err(_) => yield_now().await,
            }
        };
        if approve.await { Ok(Ticket { permit }) } else { Err(NoTicket::Declined) }
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
