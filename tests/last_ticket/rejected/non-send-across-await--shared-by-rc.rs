//! "The ticket needs the count as well, so an Rc."

use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Mutex;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    free: Rc<Mutex<u32>>,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        Inventory { free: Rc::new(Mutex::new(stock)) }
    }

    pub fn available(&self) -> u32 {
        *self.free.lock().unwrap()
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        let ticket = {
            let mut free = self.free.lock().unwrap();
            *free = free.checked_sub(1).ok_or(NoTicket::SoldOut)?;
            Ticket { free: Some(self.free.clone()), of: PhantomData }
        };
        if approve.await { Ok(ticket) } else { Err(NoTicket::Declined) }
    }
}

pub struct Ticket<'a> {
    free: Option<Rc<Mutex<u32>>>,
    of: PhantomData<&'a Inventory>,
}

impl Ticket<'_> {
    pub fn buy(mut self) {
        self.free = None;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if let Some(free) = &self.free {
            *free.lock().unwrap() += 1;
        }
    }
}
