//! A future written by hand: it puts the ticket aside in its first poll.

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: Mutex<u32>,
}

pin_project! {
    pub struct Reserve<'a, F> {
        from: &'a Inventory,
        ticket: Option<Ticket<'a>>,
        asked: bool,
        #[pin]
        approve: F,
    }
}

impl<'a, F: Future<Output = bool>> Future for Reserve<'a, F> {
    type Output = Result<Ticket<'a>, NoTicket>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if !*this.asked {
            *this.asked = true;
            let mut free = this.from.free.lock().unwrap();
            if *free == 0 {
                return Poll::Ready(Err(NoTicket::SoldOut));
            }
            *free -= 1;
            *this.ticket = Some(Ticket { inventory: this.from, sold: false });
        }
        let yes = ready!(this.approve.poll(cx));
        let ticket = this.ticket.take();
        Poll::Ready(if yes { Ok(ticket.unwrap()) } else { Err(NoTicket::Declined) })
    }
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: Mutex::new(stock) }
    }

    pub fn available(&self) -> u32 {
        *self.free.lock().unwrap()
    }

    pub fn reserve<F: Future<Output = bool>>(&self, approve: F) -> Reserve<'_, F> {
        Reserve { from: self, ticket: None, asked: false, approve }
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
