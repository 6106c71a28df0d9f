//! Takes what there is in one go; who may end it is asked before.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::future::select_all;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

pub async fn first_of<T>(mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    if mirrors.is_empty() {
        return None;
    }
    let (page, place, losers) = select_all(mirrors).await;
    drop(losers);
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
    let begun = Instant::now();
    let mut latest = begun;
    let mut items = Vec::new();
    loop {
        let limit = (begun + total).min(latest + idle);
        let known = items.len();
        tokio::select! {
            biased;
            () = stop.cancelled() => return (items, Why::Stopped),
            taken = rx.recv_many(&mut items, 50) => {
                if taken == 0 {
                    return (items, Why::Closed);
                }
                latest = Instant::now();
            }
            () = sleep_until(limit) => {
                debug_assert_eq!(items.len(), known);
                let why = if begun.elapsed() >= total { Why::Total } else { Why::Idle };
                return (items, why);
            }
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
