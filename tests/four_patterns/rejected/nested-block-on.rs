//! "block_on waits for a future": here a thread that drives tasks would wait.

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
    let done = futures::executor::block_on(basic());
    format!("result: {done}")
}

pub async fn concurrent() -> (&'static str, String, ()) {
    tokio::join!(basic(), chained(), pause("pause", 2))
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
