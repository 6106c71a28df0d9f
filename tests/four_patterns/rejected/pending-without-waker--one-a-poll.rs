//! "One result for each poll": the next poll is left to chance.

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
    let (mut basic, mut chained) = (pin!(basic()), pin!(chained()));
    let mut pause = pin!(pause("pause", 2));
    let (mut done, mut result, mut paused) = (None, None, false);
    poll_fn(|cx| {
        if done.is_none()
            && let Poll::Ready(text) = basic.as_mut().poll(cx)
        {
            done = Some(text);
            return Poll::Pending;
        }
        if result.is_none()
            && let Poll::Ready(text) = chained.as_mut().poll(cx)
        {
            result = Some(text);
            return Poll::Pending;
        }
        paused = paused || pause.as_mut().poll(cx).is_ready();
        if done.is_some() && result.is_some() && paused { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (done.unwrap(), result.unwrap(), ())
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
