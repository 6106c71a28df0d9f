//! All pauses have the same name; and the macro is that of the futures crate.

use std::time::Duration;

use tokio::time::sleep;

pub async fn pause(name: &str, secs: u64) {
    let _span = kit::span(name); // draws a bar in the timeline of your verdict
    sleep(Duration::from_secs(secs)).await;
}

pub async fn basic() -> &'static str {
    pause("pause", 1).await;
    "done"
}

pub async fn chained() -> String {
    format!("result: {}", basic().await)
}

pub async fn concurrent() -> (&'static str, String, ()) {
    futures::join!(basic(), chained(), pause("pause", 2))
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("pause", 1).await;
        return "after a wait";
    }
    "at once"
}
