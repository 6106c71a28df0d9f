//! A set of boxed futures of one type, whose results find their places by name.

use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
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
    enum Part {
        Basic(&'static str),
        Chained(String),
        Pause,
    }
    let mut running = FuturesUnordered::<BoxFuture<'static, Part>>::new();
    running.push(Box::pin(async { Part::Basic(basic().await) }));
    running.push(Box::pin(async { Part::Chained(chained().await) }));
    running.push(Box::pin(async {
        pause("pause", 2).await;
        Part::Pause
    }));
    let mut all = ("", String::new(), ());
    while let Some(part) = running.next().await {
        match part {
            Part::Basic(done) => all.0 = done,
            Part::Chained(result) => all.1 = result,
            Part::Pause => {}
        }
    }
    all
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
