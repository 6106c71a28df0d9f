//! "I only want to know how far they are": polled with a waker that wakes nobody, so nobody asks again.

use std::future::poll_fn;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut running: Vec<_> = reqs.iter().map(|(n, d)| Some(Box::pin(fetch_data(n, *d)))).collect();
    let mut pages = vec![String::new(); reqs.len()];
    poll_fn(|_| {
        let mut cx = Context::from_waker(Waker::noop());
        for (request, place) in running.iter_mut().zip(&mut pages) {
            let Some(future) = request else { continue };
            if let Poll::Ready(page) = future.as_mut().poll(&mut cx) {
                *place = page;
                *request = None;
            }
        }
        if running.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    pages
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut all: FuturesUnordered<_> = reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
    }
}
