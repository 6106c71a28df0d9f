//! "join! takes two": the third is awaited when they are done.

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
    let (first, second) = tokio::join!(basic(), chained());
    pause("pause", 2).await;
    (first, second, ())
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
