//! "I look at each of them until all are done": a loop that polls and never waits.

use std::time::Duration;

use futures::FutureExt;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut pages = vec![String::new(); reqs.len()];
    look_after(reqs, |i, page| pages[i] = page).await;
    pages
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    look_after(reqs, |_, page| on_done(page)).await;
}

async fn look_after(reqs: &[(&str, Duration)], mut done: impl FnMut(usize, String)) {
    let mut running: Vec<_> =
        reqs.iter().enumerate().map(|(i, (n, d))| (i, Box::pin(fetch_data(n, *d)))).collect();
    while !running.is_empty() {
        running.retain_mut(|(i, future)| match future.now_or_never() {
            Some(page) => {
                done(*i, page);
                false
            }
            None => true,
        });
        tokio::task::yield_now().await;
    }
}
