//! A ticket that shares the count, in a box; the bank is polled by hand.

use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Poll, ready};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: Arc<Mutex<u32>>,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: Arc::new(Mutex::new(stock)) }
    }

    pub fn available(&self) -> u32 {
        *self.free.lock().unwrap()
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let mut approve = pin!(approve);
        let mut ticket = None;
        poll_fn(|cx| {
            if ticket.is_none() {
                let mut free = self.free.lock().unwrap();
                if *free == 0 {
                    return Poll::Ready(Err(NoTicket::SoldOut));
                }
                *free -= 1;
                ticket =
                    Some(Ticket { returns: Returns(Some(self.free.clone())), of: PhantomData });
            }
            let says = ready!(approve.as_mut().poll(cx));
            Poll::Ready(ticket.take().filter(|_| says).ok_or(NoTicket::Declined))
        })
        .await
    }
}

pub struct Ticket<'a> {
    returns: Returns,
    of: PhantomData<&'a Inventory>,
}

struct Returns(Option<Arc<Mutex<u32>>>);

impl Drop for Returns {
    fn drop(&mut self) {
        if let Some(free) = self.0.take() {
            *free.lock().unwrap() += 1;
        }
    }
}

impl Ticket<'_> {
    pub fn buy(self) {
        let Ticket { mut returns, of: _ } = self;
        returns.0 = None;
    }
}
