//! "Poll all three until all are ready": each poll builds them anew.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::sleep;

pub async fn pause(name: &str, secs: u64) {
    let _span = kit::span(name);
    sleep(Duration::from_secs(secs)).await;
}

pub async fn basic() -> &'static str {
    pause("basic", 1).await;
    "done"
}

pub async fn chained() -> String {
    format!("result: {}", basic().await)
}

pub async fn concurrent() -> (&'static str, String, ()) {
    poll_fn(|cx| {
        let (mut first, mut second) = (pin!(basic()), pin!(chained()));
        let mut third = pin!(pause("pause", 2));
        let first = first.as_mut().poll(cx);
        let second = second.as_mut().poll(cx);
        let third = third.as_mut().poll(cx);
        match (first, second, third) {
            (Poll::Ready(first), Poll::Ready(second), Poll::Ready(())) => {
                Poll::Ready((first, second, ()))
            }
            _ => Poll::Pending,
        }
    })
    .await
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
