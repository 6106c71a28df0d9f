//! An async lock, but only around the step that looks and takes.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use tokio::sync::Mutex;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: AtomicU32,
    taking: Mutex<()>,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: AtomicU32::new(stock), taking: Mutex::new(()) }
    }

    pub fn available(&self) -> u32 {
        self.free.load(SeqCst)
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let ticket = {
            let _taking = self.taking.lock().await;
            if self.free.load(SeqCst) == 0 {
                return Err(NoTicket::SoldOut);
            }
            self.free.fetch_sub(1, SeqCst);
            Ticket { free: Some(&self.free) }
        };
        if approve.await {
            return Ok(ticket);
        }
        Err(NoTicket::Declined)
    }
}

pub struct Ticket<'a> {
    free: Option<&'a AtomicU32>,
}

impl Ticket<'_> {
    pub fn buy(mut self) {
        self.free.take();
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if let Some(free) = self.free {
            free.fetch_add(1, SeqCst);
        }
    }
}
