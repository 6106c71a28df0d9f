//! "Tasks, and every handle awaited": right in time and order, but the tasks outlive whoever asked.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::task::JoinHandle;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

fn start((name, delay): &(&str, Duration)) -> JoinHandle<String> {
    let (name, delay) = (name.to_string(), *delay);
    tokio::spawn(async move { fetch_data(&name, delay).await })
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let tasks: Vec<_> = reqs.iter().map(start).collect();
    let mut pages = Vec::new();
    for task in tasks {
        pages.push(task.await.unwrap());
    }
    pages
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut tasks: FuturesUnordered<_> = reqs.iter().map(start).collect();
    while let Some(page) = tasks.next().await {
        on_done(page.unwrap());
    }
}
