//! "Building a sleep is not waiting": but its deadline is fixed when it is built, at the call.

use std::time::Duration;

use futures::future::join_all;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::time::sleep;

pub fn fetch_data(name: &str, delay: Duration) -> impl Future<Output = String> {
    sleep(delay).map(move |()| format!("data of {name}"))
}

pub fn gather(reqs: &[(&str, Duration)]) -> impl Future<Output = Vec<String>> {
    join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay)))
}

pub async fn as_completed(reqs: &[(&str, Duration)], on_done: impl FnMut(String)) {
    let running: FuturesUnordered<_> =
        reqs.iter().map(|(name, delay)| fetch_data(name, *delay)).collect();
    running.map(on_done).collect().await
}
