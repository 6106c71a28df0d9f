//! gather_fetch: three requests at once.
//!
//! You know this from asyncio:
//!
//!     pages = await asyncio.gather(fetch_data("user", 2), fetch_data("order", 3))
//!
//! `gather` runs its coroutines at once and returns the results in the order of
//! the *requests*. `as_completed` hands out each result when *it* is done.
//!
//! Both functions below work, and both are too slow. Make each take only as long
//! as its longest request. Keep what is good about them: nothing is asked before
//! somebody polls, and when they are dropped half-way no request goes on.

use std::time::Duration;

use tokio::time::sleep;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name); // draws a bar in the timeline of your verdict
    sleep(delay).await;
    format!("data of {name}")
}

/// All results, in the order of the requests.
pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut pages = Vec::new();
    for (name, delay) in reqs {
        // TODO: the second request waits here for the first one.
        pages.push(fetch_data(name, *delay).await);
    }
    pages
}

/// Calls `on_done` with each result at the moment when it arrives.
pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    // TODO: the fastest request should be the first to be reported.
    for page in gather(reqs).await {
        on_done(page);
    }
}
