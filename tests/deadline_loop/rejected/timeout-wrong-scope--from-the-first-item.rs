//! "The time runs from the moment when there is something to collect."

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

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
    let mut end: Option<Instant> = None;
    loop {
        let until = end.unwrap_or(Instant::now() + Duration::from_secs(86400 * 30));
        tokio::select! {
            biased;
            () = stop.cancelled() => return (items, Why::Stopped),
            () = sleep_until(until) => return (items, Why::Total),
            item = rx.recv() => match item { Some(item) => { end.get_or_insert(Instant::now() + total); items.push(item) } None => return (items, Why::Closed) },
            () = sleep(idle) => return (items, Why::Idle),
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
