//! "I await each one, so it is async."

use std::time::Duration;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let futures: Vec<_> = reqs.iter().map(|(name, delay)| fetch_data(name, *delay)).collect();
    let mut pages = Vec::new();
    for future in futures {
        pages.push(future.await);
    }
    pages
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut sorted = reqs.to_vec();
    sorted.sort_by_key(|(_, delay)| *delay);
    for (name, delay) in sorted {
        on_done(fetch_data(name, delay).await);
    }
}
