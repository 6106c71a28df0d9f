//! Lets others go first after each item, and looks again whether it should stop.
//! The mirrors are asked from the last to the first.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

pub async fn first_of<T>(mut mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    if mirrors.is_empty() {
        return None;
    }
    let winner = poll_fn(|cx| {
        for (place, mirror) in mirrors.iter_mut().enumerate().rev() {
            if let Poll::Ready(page) = mirror.as_mut().poll(cx) {
                return Poll::Ready((place, page));
            }
        }
        Poll::Pending
    })
    .await;
    mirrors.clear();
    Some(winner)
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
    let mut end = pin!(sleep(total));
    loop {
        while !stop.is_cancelled() {
            match rx.try_recv() {
                Ok(item) => items.push(item),
                Err(_) => break,
            }
            tokio::task::yield_now().await;
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return (items, Why::Stopped),
            () = &mut end => return (items, Why::Total),
            item = rx.recv() => match item { Some(item) => items.push(item), None => return (items, Why::Closed) },
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
