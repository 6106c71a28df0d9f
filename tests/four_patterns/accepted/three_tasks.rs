//! Three tasks, all of them spawned before the first handle is awaited.

use std::time::Duration;

use tokio::time::sleep;

pub async fn pause(name: &str, secs: u64) {
    let _span = kit::span(name);
    sleep(Duration::from_secs(secs)).await;
}

pub async fn basic() -> &'static str {
    pause("basic", 1).await;
    "done"
}

pub async fn chained() -> String {
    format!("result: {}", basic().await)
}

pub async fn concurrent() -> (&'static str, String, ()) {
    let first = tokio::spawn(basic());
    let second = tokio::spawn(chained());
    let third = tokio::spawn(pause("pause", 2));
    (first.await.unwrap(), second.await.unwrap(), third.await.unwrap())
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
