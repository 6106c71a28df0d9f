//! "Somebody will look again": it compares the clock at each poll, and asks nobody to wake it.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use kit::Log;
use tokio::time::Instant;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    let mut done_at = None;
    poll_fn(move |_| {
        let done_at = *done_at.get_or_insert_with(|| {
            log.add(format!("cooking {dish}"));
            Instant::now() + COOKING
        });
        if Instant::now() < done_at { Poll::Pending } else { Poll::Ready(format!("hot {dish}")) }
    })
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let soup = prepare(log, "soup");
    if open { Some(soup.await) } else { None }
}
