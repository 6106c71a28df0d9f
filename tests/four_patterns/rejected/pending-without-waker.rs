//! "Pending until it is time": and nobody is told when that is.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};

pub async fn pause(name: &str, secs: u64) {
    let _span = kit::span(name);
    sleep(Duration::from_secs(secs)).await;
}

pub async fn basic() -> &'static str {
    let start = Instant::now();
    poll_fn(|_| match start.elapsed() < Duration::from_secs(1) {
        true => Poll::Pending,
        false => Poll::Ready("done"),
    })
    .await
}

pub async fn chained() -> String {
    format!("result: {}", basic().await)
}

pub async fn concurrent() -> (&'static str, String, ()) {
    tokio::join!(basic(), chained(), pause("pause", 2))
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
