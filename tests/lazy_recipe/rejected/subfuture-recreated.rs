//! "poll is called again, so it can start again": each poll makes a new timer, and none ever ends.

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    let mut on = false;
    poll_fn(move |cx| {
        if !on {
            on = true;
            log.add(format!("cooking {dish}"));
        }
        let on_the_stove = pin!(sleep(COOKING));
        on_the_stove.poll(cx).map(|()| format!("hot {dish}"))
    })
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
