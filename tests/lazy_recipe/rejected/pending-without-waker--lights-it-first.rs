//! "One thing for each poll": first the stove is lit, and a look at the clock is for the next time.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    let mut stove = None;
    poll_fn(move |cx| {
        let Some(timer) = &mut stove else {
            log.add(format!("cooking {dish}"));
            stove = Some(Box::pin(sleep(COOKING)));
            return Poll::Pending;
        };
        timer.as_mut().poll(cx).map(|()| format!("hot {dish}"))
    })
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let soup = prepare(log, "soup");
    if open { Some(soup.await) } else { None }
}
