//! As in asyncio: one limit around the loop, one in it. The items stand outside.
//! The mirrors are folded into one future by pairs.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::future::{FutureExt, select};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

pub async fn first_of<T>(mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    let tagged = mirrors.into_iter().enumerate().map(|(place, mirror)| {
        let tagged: BoxFuture<'_, (usize, T)> = Box::pin(mirror.map(move |page| (place, page)));
        tagged
    });
    let race = tagged
        .reduce(|left, right| Box::pin(select(left, right).map(|first| first.factor_first().0)));
    Some(race?.await)
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
    let taking = async {
        loop {
            match timeout(idle, rx.recv()).await {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Why::Closed,
                Err(_) => return Why::Idle,
            }
            if stop.is_cancelled() {
                return Why::Stopped;
            }
        }
    };
    let why = tokio::select! {
        biased;
        () = stop.cancelled() => Why::Stopped,
        why = timeout(total, taking) => why.unwrap_or(Why::Total),
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
