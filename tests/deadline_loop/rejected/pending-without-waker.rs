//! "Each poll looks at the clock; if the time is not up, it is Pending."

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
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
    let why = poll_fn(|cx| {
        if stop.is_cancelled() {
            return Poll::Ready(Why::Stopped);
        }
        if begun.elapsed() >= total {
            return Poll::Ready(Why::Total);
        }
        while let Poll::Ready(item) = rx.poll_recv(cx) {
            latest = Instant::now();
            match item {
                Some(item) => items.push(item),
                None => return Poll::Ready(Why::Closed),
            }
        }
        if latest.elapsed() >= idle { Poll::Ready(Why::Idle) } else { Poll::Pending }
    })
    .await;
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
