//! gather_fetch: the reference answer.
//!
//! A future is a value. So a list of requests can become a list of futures
//! before any of them runs, and something else can poll them all.

use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use tokio::time::sleep;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name); // draws a bar in the timeline of your verdict
    sleep(delay).await;
    format!("data of {name}")
}

/// All results, in the order of the requests.
pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    // `map` builds the futures and runs none of them: no await, no work.
    // `join_all` polls every one of them in each turn and keeps their places.
    join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await
}

/// Calls `on_done` with each result at the moment when it arrives.
pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    // The same futures in a set that yields whichever is done first.
    let mut running: FuturesUnordered<_> =
        reqs.iter().map(|(name, delay)| fetch_data(name, *delay)).collect();
    while let Some(page) = running.next().await {
        // No await in here: while this body waits, nobody polls the others.
        on_done(page);
    }
}
