//! "A thread sleeps and wakes me": the timer of many tutorials, on a clock of its own.

use std::fmt::Display;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use tokio::time::sleep;

#[derive(Default)]
struct Alarm {
    rung: bool,
    waker: Option<Waker>,
}

pub struct DataStream<T> {
    items: std::vec::IntoIter<T>,
    every: Duration,
    wait: Option<Arc<Mutex<Alarm>>>,
}

impl<T> Unpin for DataStream<T> {}

impl<T> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        DataStream { items: items.into_iter(), every, wait: None }
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.get_mut();
        if this.items.as_slice().is_empty() {
            return Poll::Ready(None);
        }
        let wait = this.wait.get_or_insert_with(|| {
            let alarm = Arc::<Mutex<Alarm>>::default();
            let (ours, every) = (alarm.clone(), this.every);
            std::thread::spawn(move || {
                std::thread::sleep(every);
                let mut alarm = ours.lock().unwrap();
                alarm.rung = true;
                let waker = alarm.waker.take();
                drop(alarm);
                if let Some(waker) = waker {
                    waker.wake();
                }
            });
            alarm
        });
        let mut alarm = wait.lock().unwrap();
        if !alarm.rung {
            alarm.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        drop(alarm);
        this.wait = None;
        Poll::Ready(this.items.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    let mut s = pin!(s);
    while let Some(item) = s.next().await {
        log.add(format!("processing {item}"));
        sleep(Duration::from_millis(200)).await;
    }
    log.add("done");
}
