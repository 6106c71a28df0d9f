//! Tasks whose handles end them when they are dropped; and the futures of as_completed built at the call, where they do nothing.

use std::future::ready;
use std::time::Duration;

use futures::future::join_all;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    join_all(reqs.iter().map(|(name, delay)| {
        let (name, delay) = (name.to_string(), *delay);
        let (request, page) = async move { fetch_data(&name, delay).await }.remote_handle();
        tokio::spawn(request);
        page
    }))
    .await
}

pub fn as_completed(
    reqs: &[(&str, Duration)],
    mut on_done: impl FnMut(String),
) -> impl Future<Output = ()> {
    let running: FuturesUnordered<_> =
        reqs.iter().map(|(name, delay)| fetch_data(name, *delay)).collect();
    running.for_each(move |page| ready(on_done(page)))
}
