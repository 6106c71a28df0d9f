//! "The set gives what is there": nothing is there yet, so the loop ends, and the set is dropped with its tasks.

use std::time::Duration;

use futures::future::join_all;
use tokio::task::JoinSet;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut tasks = JoinSet::new();
    for (name, delay) in reqs {
        let (name, delay) = (name.to_string(), *delay);
        tasks.spawn(async move { fetch_data(&name, delay).await });
    }
    while let Some(done) = tasks.try_join_next() {
        on_done(done.unwrap());
    }
}
