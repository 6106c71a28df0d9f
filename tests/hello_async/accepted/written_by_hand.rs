//! No async fn: a future written by hand, driven by a LocalSet.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;
use tokio::time::{Sleep, sleep};

pub struct Task<'a> {
    log: &'a Log,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Future for Task<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let log = self.log;
        let pause = self.pause.get_or_insert_with(|| {
            log.add("start");
            Box::pin(sleep(Duration::from_secs(1)))
        });
        ready!(pause.as_mut().poll(cx));
        log.add("done");
        Poll::Ready(())
    }
}

pub fn simple_task(log: &Log) -> Task<'_> {
    Task { log, pause: None }
}

pub fn run(rt: &Runtime, log: &Log) {
    LocalSet::new().block_on(rt, simple_task(log));
}
