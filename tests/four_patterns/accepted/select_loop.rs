//! A loop around select!, which switches off the branches that are done.

use std::pin::pin;
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
    let (mut first, mut second) = (None, None);
    let mut third = false;
    let (mut basic, mut chained) = (pin!(basic()), pin!(chained()));
    let mut pause = pin!(pause("pause", 2));
    while first.is_none() || second.is_none() || !third {
        tokio::select! {
            done = &mut basic, if first.is_none() => first = Some(done),
            result = &mut chained, if second.is_none() => second = Some(result),
            () = &mut pause, if !third => third = true,
        }
    }
    (first.unwrap(), second.unwrap(), ())
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
