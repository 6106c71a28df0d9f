//! Combinators of the futures crate, boxed; serve waits for an optional future.

use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, OptionFuture, lazy};
use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> BoxFuture<'a, String> {
    log.add(format!("ordered {dish}"));
    lazy(move |_| log.add(format!("cooking {dish}")))
        .then(|()| sleep(COOKING))
        .map(move |()| format!("hot {dish}"))
        .boxed()
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    OptionFuture::from(open.then_some(recipe)).await
}
