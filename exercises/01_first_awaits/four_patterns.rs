//! four_patterns: the four shapes that async code is made of.
//!
//! You know them from asyncio:
//!
//!     async def basic():
//!         await asyncio.sleep(1)
//!         return "done"
//!
//!     async def chained():
//!         return f"result: {await basic()}"
//!
//!     async def concurrent():
//!         return await asyncio.gather(basic(), chained(), asyncio.sleep(2))
//!
//!     async def conditional(wait):
//!         if wait:
//!             await asyncio.sleep(1)
//!             return "after a wait"
//!         return "at once"
//!
//! Write the same four in Rust. Three of them can be carried over almost word for
//! word. For the other, find what Rust has in place of `gather`: awaiting one by
//! one would take four seconds, and two are enough.

use std::time::Duration;

use tokio::time::sleep;

/// Waits. Stands for `asyncio.sleep`. Leave this one as it is.
pub async fn pause(name: &str, secs: u64) {
    let _span = kit::span(name); // draws a bar in the timeline of your verdict
    sleep(Duration::from_secs(secs)).await;
}

/// Wait, then go on: pauses for one second, and gives "done".
pub async fn basic() -> &'static str {
    todo!("pause for a second")
}

/// One async function awaits another: gives "result: " and what `basic` gave.
pub async fn chained() -> String {
    todo!("let basic do the waiting")
}

/// Several waits at once: `basic`, `chained`, and a pause of two seconds.
///
/// All three begin at the first poll, so it takes as long as the longest. Gives
/// what each of them gave; for a pause that is `()`, where Python has `None`.
/// When it is done nothing goes on behind its back.
pub async fn concurrent() -> (&'static str, String, ()) {
    todo!("let the three wait side by side")
}

/// A wait that may be left out.
///
/// If it is to `wait`: pauses for one second, and gives "after a wait". If not:
/// gives "at once" at the very first poll, and sets no timer.
pub async fn conditional(wait: bool) -> &'static str {
    let _ = wait;
    todo!("pause for a second, or do not")
}
