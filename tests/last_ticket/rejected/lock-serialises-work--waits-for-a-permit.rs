//! "A semaphore hands out tickets": `acquire` waits until somebody gives one back.

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
        let permit = self.tickets.acquire().await.map_err(|_| NoTicket::SoldOut)?;
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
