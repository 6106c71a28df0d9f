//! "If there is nothing, the others may go first."

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

pub async fn first_of<T>(mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    if mirrors.is_empty() {
        return None;
    }
    let (page, place, _) = futures::future::select_all(mirrors).await;
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
    let begun = Instant::now();
    let mut latest = begun;
    loop {
        if stop.is_cancelled() {
            return (items, Why::Stopped);
        }
        match rx.try_recv() {
            Ok(item) => {
                items.push(item);
                latest = Instant::now();
            }
            Err(mpsc::error::TryRecvError::Disconnected) => return (items, Why::Closed),
            Err(_) => {}
        }
        if latest.elapsed() >= idle {
            return (items, Why::Idle);
        }
        if begun.elapsed() >= total {
            return (items, Why::Total);
        }
        tokio::task::yield_now().await;
    }
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
