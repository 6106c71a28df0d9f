//! "A first poll gets them going": at the call, before anybody has awaited.

use std::time::Duration;

use futures::future::{join_all, maybe_done};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub fn gather<'a>(reqs: &'a [(&'a str, Duration)]) -> impl Future<Output = Vec<String>> + 'a {
    let pages = join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay)));
    let mut all = Box::pin(maybe_done(pages));
    let _under_way = all.as_mut().now_or_never();
    async move {
        all.as_mut().await;
        all.as_mut().take_output().unwrap()
    }
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut all: FuturesUnordered<_> = reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
    }
}
