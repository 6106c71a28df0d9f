//! four_patterns: the reference answer.
//!
//! Longer async programs are these four shapes, put into each other.

use std::time::Duration;

use tokio::time::sleep;

/// Waits. Stands for `asyncio.sleep`. Leave this one as it is.
pub async fn pause(name: &str, secs: u64) {
    let _span = kit::span(name); // draws a bar in the timeline of your verdict
    sleep(Duration::from_secs(secs)).await;
}

/// Wait, then go on: pauses for one second, and gives "done".
pub async fn basic() -> &'static str {
    pause("basic", 1).await;
    "done"
}

/// One async function awaits another: gives "result: " and what `basic` gave.
pub async fn chained() -> String {
    // An await is an expression, and what it gives may be used on the spot.
    // While `basic` is pending so is `chained`: nobody had to say so.
    format!("result: {}", basic().await)
}

/// Several waits at once: `basic`, `chained`, and a pause of two seconds.
///
/// All three begin at the first poll, so it takes as long as the longest. Gives
/// what each of them gave; for a pause that is `()`, where Python has `None`.
/// When it is done nothing goes on behind its back.
pub async fn concurrent() -> (&'static str, String, ()) {
    // The three are built here, and `join!` polls each of them in turn. Written
    // as `(basic().await, chained().await, …)` this would be right as well, and
    // slow: the second would not begin before the first was done. Each may give
    // something of another type, because `join!` gives a tuple and no list.
    tokio::join!(basic(), chained(), pause("pause", 2))
}

/// A wait that may be left out.
///
/// If it is to `wait`: pauses for one second, and gives "after a wait". If not:
/// gives "at once" at the very first poll, and sets no timer.
pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    // No await on this path. An async function need not wait: then it is Ready
    // when it is polled first, and costs little more than a call.
    "at once"
}
