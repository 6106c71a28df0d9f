//! `process` is a future by hand, with its pins projected.

use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::Stream;
use kit::Log;
use tokio::time::{Sleep, sleep};

pub struct DataStream<T> {
    items: std::vec::IntoIter<T>,
    every: Duration,
    wait: Option<Pin<Box<Sleep>>>,
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
        let wait = this.wait.get_or_insert_with(|| Box::pin(sleep(this.every)));
        ready!(wait.as_mut().poll(cx));
        this.wait = None;
        Poll::Ready(this.items.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    Process { s, work: None, log }.await
}

pin_project_lite::pin_project! {
    struct Process<'a, S> {
        #[pin]
        s: S,
        #[pin]
        work: Option<Sleep>,
        log: &'a Log,
    }
}
impl<T: Display, S: Stream<Item = T>> Future for Process<'_, S> {
    type Output = ();
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        loop {
            if let Some(work) = this.work.as_mut().as_pin_mut() {
                ready!(work.poll(cx));
                this.work.set(None);
            }
            match ready!(this.s.as_mut().poll_next(cx)) {
                Some(item) => {
                    this.log.add(format!("processing {item}"));
                    this.work.set(Some(sleep(Duration::from_millis(200))));
                }
                None => {
                    this.log.add("done");
                    return Poll::Ready(());
                }
            }
        }
    }
}
