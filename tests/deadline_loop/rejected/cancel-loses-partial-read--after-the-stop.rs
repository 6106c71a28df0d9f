//! "I look at what I got, and whether I still may have it."

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, select_all};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

pub async fn first_of<T>(mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    if mirrors.is_empty() {
        return None;
    }
    let (page, place, _losers) = select_all(mirrors).await;
    Some((place, page))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Closed,
    Idle,
    Total,
    Stopped,
}

pub async fn collect_until<T>(
    rx: &mut mpsc::Receiver<T>,
    idle: Duration,
    total: Duration,
    stop: &Stop,
) -> (Vec<T>, Why) {
    let mut items = Vec::new();
    let mut end = pin!(sleep(total));
    let why = loop {
        tokio::select! {
            biased;
            () = &mut end => break if stop.is_cancelled() { Why::Stopped } else { Why::Total },
            item = rx.recv() => match item {
                Some(_) if stop.is_cancelled() => break Why::Stopped,
                None if stop.is_cancelled() => break Why::Stopped,
                Some(item) => items.push(item),
                None => break Why::Closed,
            },
            () = stop.cancelled() => break Why::Stopped,
            () = sleep(idle) => break Why::Idle,
        }
    };
    (items, why)
}

#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    pub async fn cancelled(&self) {
        let _ = self.0.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}
