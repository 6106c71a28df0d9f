//! "A short nap, and then a look at who is done": the results lie there until somebody looks.

use std::time::Duration;

use futures::future::join_all;
use tokio::task::JoinSet;
use tokio::time::sleep;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    join_all(reqs.iter().map(|(name, delay)| fetch_data(name, *delay))).await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut running = JoinSet::new();
    for (name, delay) in reqs {
        let (name, delay) = (name.to_string(), *delay);
        running.spawn(async move { fetch_data(&name, delay).await });
    }
    while !running.is_empty() {
        while let Some(page) = running.try_join_next() {
            on_done(page.unwrap());
        }
        sleep(Duration::from_millis(50)).await;
    }
}
