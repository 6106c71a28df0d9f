//! "A task looks every 50 ms, and tells me."
use tokio::task::AbortHandle;

use std::time::Duration;
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    futures::future::join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await
}

struct Aborts(Vec<AbortHandle>);
impl Drop for Aborts {
    fn drop(&mut self) {
        for a in &self.0 {
            a.abort();
        }
    }
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut all: Vec<_> = reqs
        .iter()
        .map(|(n, d)| {
            let (n, d) = (n.to_string(), *d);
            tokio::spawn(async move { fetch_data(&n, d).await })
        })
        .collect();
    let _aborts = Aborts(all.iter().map(|h| h.abort_handle()).collect());
    while !all.is_empty() {
        let mut i = 0;
        while i < all.len() {
            if all[i].is_finished() {
                on_done(all.remove(i).await.unwrap());
            } else {
                i += 1;
            }
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
