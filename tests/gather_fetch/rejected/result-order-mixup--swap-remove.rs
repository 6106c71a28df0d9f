//! "swap_remove is quick."
use futures::future::select_all;

use std::time::Duration;
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut all: futures::stream::FuturesUnordered<_> =
        reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = futures::StreamExt::next(&mut all).await {
        on_done(page);
    }
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut left: Vec<usize> = (0..reqs.len()).collect();
    let mut pages = vec![String::new(); reqs.len()];
    let mut all: Vec<_> = reqs.iter().map(|(n, d)| Box::pin(fetch_data(n, *d))).collect();
    while !all.is_empty() {
        let (page, i, rest) = select_all(all).await;
        pages[left.remove(i)] = page;
        all = rest;
    }
    pages
}
