//! "As in asyncio: a lock that may be held over an await", and everybody waits for every bank.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use tokio::sync::Mutex;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: AtomicU32,
    counter: Mutex<()>,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: AtomicU32::new(stock), counter: Mutex::new(()) }
    }

    pub fn available(&self) -> u32 {
        self.free.load(SeqCst)
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let _at_the_counter = self.counter.lock().await;
        if self.available() == 0 {
            return Err(NoTicket::SoldOut);
        }
        self.free.fetch_sub(1, SeqCst);
        let ticket = Ticket { free: &self.free, sold: false };
        if approve.await { Ok(ticket) } else { Err(NoTicket::Declined) }
    }
}

pub struct Ticket<'a> {
    free: &'a AtomicU32,
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
            self.free.fetch_add(1, SeqCst);
        }
    }
}
