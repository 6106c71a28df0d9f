//! "At each poll I ask for what is missing": that is a new request every time, dropped at the end of the poll.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
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
    let mut pages = vec![None; reqs.len()];
    poll_fn(|cx| {
        for (page, (name, delay)) in pages.iter_mut().zip(reqs) {
            if page.is_none()
                && let Poll::Ready(data) = pin!(fetch_data(name, *delay)).poll(cx)
            {
                *page = Some(data);
            }
        }
        if pages.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    pages.into_iter().flatten().collect()
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut all: FuturesUnordered<_> = reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
    }
}
