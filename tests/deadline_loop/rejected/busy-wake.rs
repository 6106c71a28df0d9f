//! "Every millisecond I look at everything that there is."

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

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
        if begun.elapsed() >= total {
            return (items, Why::Total);
        }
        match rx.try_recv() {
            Ok(item) => {
                items.push(item);
                latest = Instant::now();
            }
            Err(TryRecvError::Disconnected) => return (items, Why::Closed),
            Err(TryRecvError::Empty) if latest.elapsed() >= idle => return (items, Why::Idle),
            Err(TryRecvError::Empty) => sleep(Duration::from_millis(1)).await,
        }
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
