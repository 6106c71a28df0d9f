//! "The total time goes around the loop, as in asyncio."

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

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
    let whole = async {
        let mut items = Vec::new();
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return (items, Why::Stopped),
                item = rx.recv() => match item { Some(item) => items.push(item), None => return (items, Why::Closed) },
                () = sleep(idle) => return (items, Why::Idle),
            }
        }
    };
    timeout(total, whole).await.unwrap_or((Vec::new(), Why::Total))
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
