//! "join_all is join_all": that of a JoinSet returns by finishing time.

use std::time::Duration;

use tokio::task::JoinSet;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

fn start(reqs: &[(&str, Duration)]) -> JoinSet<String> {
    reqs.iter()
        .map(|(name, delay)| {
            let (name, delay) = (name.to_string(), *delay);
            async move { fetch_data(&name, delay).await }
        })
        .collect()
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    start(reqs).join_all().await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut tasks = start(reqs);
    while let Some(done) = tasks.join_next().await {
        on_done(done.unwrap());
    }
}
