//! No combinator at all: a vector of boxed futures, polled by hand.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut pages = vec![None; reqs.len()];
    drive(reqs, |i, page| pages[i] = Some(page)).await;
    pages.into_iter().flatten().collect()
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    drive(reqs, |_, page| on_done(page)).await;
}

async fn drive(reqs: &[(&str, Duration)], mut done: impl FnMut(usize, String)) {
    let mut running: Vec<_> =
        reqs.iter().enumerate().map(|(i, (n, d))| (i, Box::pin(fetch_data(n, *d)))).collect();
    poll_fn(|cx| {
        running.retain_mut(|(i, future)| match future.as_mut().poll(cx) {
            Poll::Ready(page) => {
                done(*i, page);
                false
            }
            Poll::Pending => true,
        });
        if running.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
