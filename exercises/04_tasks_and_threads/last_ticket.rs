//! last_ticket: what others do while you wait for the bank.
//!
//! You know this from asyncio:
//!
//!     async def reserve(self, approve):
//!         if self.stock == 0:
//!             raise SoldOut
//!         if not await approve():      # everybody else may run here
//!             raise Declined
//!         self.stock -= 1
//!
//! One thread, and still one ticket is sold twice: two buyers see it, both wait
//! for their banks, both take it. What you have read before an await may be old
//! after it.
//!
//! An `asyncio.Lock` around the whole would mend that. But then everybody waits
//! for everybody's bank. A shop does it in another way. It puts the ticket aside
//! for the buyer, and then lets the buyer talk to the bank.
//!
//! What is put aside must come back. The bank may say no. The buyer may lose
//! patience and go away in the middle of it: in Rust that is a future that is
//! dropped, and no line after its await is run.
//!
//! `reserve` below is the Python code, carried over with its gap.

use std::sync::Mutex;

/// Why there is no ticket. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    /// None was free when the buyer came.
    SoldOut,
    /// The bank said no.
    Declined,
}

/// The tickets for one evening. Buyers may be on any thread.
pub struct Inventory {
    free: Mutex<u32>,
}

impl Inventory {
    /// So many tickets, all of them free.
    pub fn new(stock: u32) -> Self {
        Inventory { free: Mutex::new(stock) }
    }

    /// How many tickets are free now: not sold, and not put aside for anybody.
    ///
    /// Can be asked at any time, also while a buyer waits for the bank.
    pub fn available(&self) -> u32 {
        *self.free.lock().unwrap()
    }

    /// Puts a ticket aside, asks the buyer's bank, and hands the ticket out.
    /// `approve` gives the bank's answer.
    ///
    /// From the first poll on, the ticket is not free for others. If none is free
    /// by then it gives `SoldOut` at once, without a word to the bank. Each buyer
    /// waits for one bank only, the own.
    ///
    /// The ticket is free again as soon as the bank says no, or panics, or this
    /// future is dropped.
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
        // TODO: how many are free by now?
        *self.free.lock().unwrap() = free - 1;
        Ok(Ticket { inventory: self })
    }
}

/// A ticket in a buyer's hands, not paid yet. If it is dropped, it is free again.
#[must_use = "a ticket that nobody buys is free again"]
pub struct Ticket<'a> {
    inventory: &'a Inventory,
}

impl Ticket<'_> {
    /// Pays: this ticket is sold, and never free again.
    pub fn buy(self) {
        // TODO: and if nobody calls this?
    }
}
