//! "A `JoinSet` aborts what is left in it when it is dropped."

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

pub async fn first_of<T: Send + 'static>(
    mirrors: Vec<BoxFuture<'static, T>>,
) -> Option<(usize, T)> {
    let mut set = JoinSet::new();
    for (place, mirror) in mirrors.into_iter().enumerate() {
        set.spawn(async move { (place, mirror.await) });
    }
    set.join_next().await?.ok()
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
