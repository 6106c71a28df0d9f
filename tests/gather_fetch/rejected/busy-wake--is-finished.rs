//! "I look every 50 ms whether all are finished."
use tokio::task::AbortHandle;

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

struct Aborts(Vec<AbortHandle>);
impl Drop for Aborts {
    fn drop(&mut self) {
        for a in &self.0 {
            a.abort();
        }
    }
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let all: Vec<_> = reqs
        .iter()
        .map(|(n, d)| {
            let (n, d) = (n.to_string(), *d);
            tokio::spawn(async move { fetch_data(&n, d).await })
        })
        .collect();
    let _aborts = Aborts(all.iter().map(|h| h.abort_handle()).collect());
    while !all.iter().all(|h| h.is_finished()) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut pages = vec![];
    for h in all {
        pages.push(h.await.unwrap());
    }
    pages
}
