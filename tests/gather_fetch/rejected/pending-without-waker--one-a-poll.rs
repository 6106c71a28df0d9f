//! "One that is done for each poll": who else is done waits for a poll that does not come.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::sleep;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut running: Vec<_> =
        reqs.iter().map(|(name, delay)| Box::pin(fetch_data(name, *delay))).collect();
    poll_fn(|cx| {
        for n in 0..running.len() {
            if let Poll::Ready(page) = running[n].as_mut().poll(cx) {
                drop(running.swap_remove(n));
                on_done(page);
                return Poll::Pending;
            }
        }
        if running.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
