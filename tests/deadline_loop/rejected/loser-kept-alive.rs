//! "All at once with `join_all`, and then the quickest of them."

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::future::join_all;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

pub async fn first_of<T>(mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    let begun = Instant::now();
    let pages = join_all(mirrors.into_iter().enumerate().map(|(place, mirror)| async move {
        let page = mirror.await;
        (begun.elapsed(), place, page)
    }))
    .await;
    let quickest = pages.into_iter().min_by_key(|(time, _, _)| *time);
    quickest.map(|(_, place, page)| (place, page))
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
    let mut end = std::pin::pin!(tokio::time::sleep(total));
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return (items, Why::Stopped),
            () = &mut end => return (items, Why::Total),
            item = rx.recv() => match item { Some(item) => items.push(item), None => return (items, Why::Closed) },
            () = tokio::time::sleep(idle) => return (items, Why::Idle),
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
