//! "When all senders are gone, all requests are done": nothing is ever sent, and the first sender stays.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let pages = Arc::new(Mutex::new(vec![String::new(); reqs.len()]));
    let (done, mut all_done) = mpsc::channel::<()>(1);
    let mut requests = JoinSet::new();
    for (i, (name, delay)) in reqs.iter().enumerate() {
        let (name, delay) = (name.to_string(), *delay);
        let (pages, done) = (pages.clone(), done.clone());
        requests.spawn(async move {
            let page = fetch_data(&name, delay).await;
            pages.lock().unwrap()[i] = page;
            drop(done);
        });
    }
    all_done.recv().await;
    std::mem::take(&mut *pages.lock().unwrap())
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut all: FuturesUnordered<_> = reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
    }
}
