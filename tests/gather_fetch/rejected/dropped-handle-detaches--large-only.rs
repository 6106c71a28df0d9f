//! "Tasks for many, a join for few."

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

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    if reqs.len() < 16 {
        return futures::future::join_all(reqs.iter().map(|(n, d)| fetch_data(n, *d))).await;
    }
    let all: Vec<_> = reqs
        .iter()
        .map(|(n, d)| {
            let (n, d) = (n.to_string(), *d);
            tokio::spawn(async move { fetch_data(&n, d).await })
        })
        .collect();
    let mut pages = vec![];
    for h in all {
        pages.push(h.await.unwrap());
    }
    pages
}
