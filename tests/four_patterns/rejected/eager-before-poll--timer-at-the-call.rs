//! "Only the wait is async": the second counts from the call on.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

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
    tokio::join!(basic(), chained(), pause("pause", 2))
}

pub fn conditional(wait: bool) -> impl Future<Output = &'static str> {
    let over = Instant::now() + Duration::from_secs(1);
    async move {
        if wait {
            sleep_until(over).await;
            return "after a wait";
        }
        "at once"
    }
}
