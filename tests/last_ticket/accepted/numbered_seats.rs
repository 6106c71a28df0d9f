//! Each ticket is a seat with a number, out of a pile; the future is written as one.

use std::sync::Mutex;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    pile: Mutex<Vec<u32>>,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { pile: Mutex::new((0..stock).collect()) }
    }

    pub fn available(&self) -> u32 {
        self.pile.lock().unwrap().len() as u32
    }

    pub fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> impl Future<Output = Result<Ticket<'_>, NoTicket>> {
        async move {
            let seat = self.pile.lock().unwrap().pop();
            let ticket = Ticket { pile: &self.pile, seat: Some(seat.ok_or(NoTicket::SoldOut)?) };
            if approve.await { Ok(ticket) } else { Err(NoTicket::Declined) }
        }
    }
}

pub struct Ticket<'a> {
    pile: &'a Mutex<Vec<u32>>,
    seat: Option<u32>,
}

impl Ticket<'_> {
    pub fn buy(mut self) {
        self.seat = None;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.pile.lock().unwrap().extend(self.seat);
    }
}
