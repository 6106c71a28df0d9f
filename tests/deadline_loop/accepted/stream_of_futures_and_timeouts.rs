//! A `FuturesUnordered`, and `timeout_at` around what `select!` waits for.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::future::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout, timeout_at};

pub async fn first_of<T>(mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    let tagged = mirrors
        .into_iter()
        .enumerate()
        .map(|(place, mirror)| mirror.map(move |page| (place, page)));
    tagged.collect::<FuturesUnordered<_>>().next().await
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
    let end = Instant::now() + total;
    let mut items = Vec::new();
    let why = loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break Why::Stopped,
            next = timeout_at(end, timeout(idle, rx.recv())) => match next {
                Err(_) => break Why::Total,
                Ok(Err(_)) => break Why::Idle,
                Ok(Ok(None)) => break Why::Closed,
                Ok(Ok(Some(item))) => items.push(item),
            },
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
