//! "The pause takes two seconds": so the others may as well take turns.

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
    let texts = async { (basic().await, chained().await) };
    let ((done, result), ()) = tokio::join!(texts, pause("pause", 2));
    (done, result, ())
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
