//! Timers of its own: deadlines, beats of an interval, an instant to wait for.

use std::time::Duration;

use tokio::time::{Instant, interval, sleep, sleep_until, timeout};

pub async fn pause(name: &str, secs: u64) {
    let _span = kit::span(name);
    sleep(Duration::from_secs(secs)).await;
}

pub async fn basic() -> &'static str {
    sleep_until(Instant::now() + Duration::from_secs(1)).await;
    "done"
}

pub async fn chained() -> String {
    format!("result: {}", basic().await)
}

pub async fn concurrent() -> (&'static str, String, ()) {
    let pause = async {
        let mut beat = interval(Duration::from_secs(1));
        for _ in 0..3 {
            beat.tick().await; // the first comes at once
        }
    };
    tokio::join!(basic(), chained(), pause)
}

pub async fn conditional(wait: bool) -> &'static str {
    let text = if wait { "after a wait" } else { "at once" };
    if wait {
        let _ = timeout(Duration::from_secs(1), std::future::pending::<()>()).await;
    }
    text
}
