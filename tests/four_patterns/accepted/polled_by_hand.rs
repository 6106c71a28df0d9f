//! The three are polled by hand, and each is left alone once it is done.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures::future::maybe_done;
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
    let (mut first, mut second) = (pin!(maybe_done(basic())), pin!(maybe_done(chained())));
    let mut third = pin!(maybe_done(pause("pause", 2)));
    poll_fn(|cx| {
        let all = [
            first.as_mut().poll(cx).is_ready(),
            second.as_mut().poll(cx).is_ready(),
            third.as_mut().poll(cx).is_ready(),
        ];
        if all == [true; 3] { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (first.take_output().unwrap(), second.take_output().unwrap(), third.take_output().unwrap())
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
