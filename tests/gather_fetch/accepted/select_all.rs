//! Whichever is first, and then whichever is first of the rest.

use std::time::Duration;

use futures::future::select_all;
use tokio::time::{Instant, sleep_until};

pub fn fetch_data(name: &str, delay: Duration) -> impl Future<Output = String> {
    async move {
        sleep_until(Instant::now() + delay).await;
        format!("data of {name}")
    }
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut pages = Vec::with_capacity(reqs.len());
    by_finishing(reqs, |i, page| pages.push((i, page))).await;
    pages.sort_unstable();
    pages.into_iter().map(|(_, page)| page).collect()
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    by_finishing(reqs, |_, page| on_done(page)).await;
}

async fn by_finishing(reqs: &[(&str, Duration)], mut on_done: impl FnMut(usize, String)) {
    let mut rest: Vec<_> = reqs
        .iter()
        .enumerate()
        .map(|(i, (name, delay))| Box::pin(async move { (i, fetch_data(name, *delay).await) }))
        .collect();
    while !rest.is_empty() {
        let ((i, page), _, others) = select_all(rest).await;
        on_done(i, page);
        rest = others;
    }
}
