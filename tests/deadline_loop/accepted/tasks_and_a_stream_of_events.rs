//! The mirrors are tasks, which are aborted and awaited. The queue is a stream that
//! ends when it is told to, or when the time is up.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{StreamExt, poll_fn};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

pub async fn first_of<T: Send + 'static>(
    mirrors: Vec<BoxFuture<'static, T>>,
) -> Option<(usize, T)> {
    let mut set = JoinSet::new();
    for (place, mirror) in mirrors.into_iter().enumerate() {
        set.spawn(async move { (place, mirror.await) });
    }
    let first = set.join_next().await?.expect("no mirror panics");
    // Aborts them all, and waits until they are gone.
    set.shutdown().await;
    Some(first)
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
    let why = Cell::new(Why::Closed);
    let ends = pin!(async {
        tokio::select! {
            biased;
            () = stop.cancelled() => why.set(Why::Stopped),
            () = sleep(total) => why.set(Why::Total),
        }
    });
    let source = poll_fn(|cx| rx.poll_recv(cx)).take_until(ends);
    let mut source = pin!(source);
    let mut items = Vec::new();
    loop {
        match timeout(idle, source.next()).await {
            Ok(Some(item)) => items.push(item),
            Ok(None) => return (items, why.get()),
            Err(_) => return (items, Why::Idle),
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
