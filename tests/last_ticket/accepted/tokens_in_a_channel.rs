//! Tickets are tokens in a channel: taken out, and put back by `drop`.

use std::sync::Mutex;

use tokio::sync::mpsc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTicket {
    SoldOut,
    Declined,
}

pub struct Inventory {
    put: mpsc::UnboundedSender<()>,
    get: Mutex<mpsc::UnboundedReceiver<()>>,
}

impl Inventory {
    pub fn new(stock: u32) -> Self {
        let (put, get) = mpsc::unbounded_channel();
        for _ in 0..stock {
            put.send(()).unwrap();
        }
        Inventory { put, get: Mutex::new(get) }
    }

    pub fn available(&self) -> u32 {
        self.get.lock().unwrap().len() as u32
    }

    pub async fn reserve<F: Future<Output = bool>>(
        &self,
        approve: F,
    ) -> Result<Ticket<'_>, NoTicket> {
        self.get.lock().unwrap().try_recv().map_err(|_| NoTicket::SoldOut)?;
        let ticket = Ticket { put: Some(self.put.clone()), of: std::marker::PhantomData };
        if approve.await { Ok(ticket) } else { Err(NoTicket::Declined) }
    }
}

pub struct Ticket<'a> {
    put: Option<mpsc::UnboundedSender<()>>,
    of: std::marker::PhantomData<&'a ()>,
}

impl Ticket<'_> {
    pub fn buy(mut self) {
        self.put = None;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if let Some(put) = &self.put {
            let _ = put.send(());
        }
    }
}
