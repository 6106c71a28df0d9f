//! No macro: each poll asks one after the other.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

pub async fn first_of<T>(mut mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    poll_fn(|cx| {
        if mirrors.is_empty() {
            return Poll::Ready(None);
        }
        for (place, mirror) in mirrors.iter_mut().enumerate() {
            if let Poll::Ready(page) = mirror.poll_unpin(cx) {
                return Poll::Ready(Some((place, page)));
            }
        }
        Poll::Pending
    })
    .await
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
    let mut stopped = pin!(stop.cancelled());
    let (mut end, mut pause) = (pin!(sleep(total)), pin!(sleep(idle)));
    let why = poll_fn(|cx| {
        loop {
            if stopped.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Why::Stopped);
            }
            if end.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Why::Total);
            }
            match rx.poll_recv(cx) {
                Poll::Ready(None) => return Poll::Ready(Why::Closed),
                Poll::Ready(Some(item)) => items.push(item),
                Poll::Pending => return pause.as_mut().poll(cx).map(|()| Why::Idle),
            }
            pause.as_mut().reset(Instant::now() + idle);
        }
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
