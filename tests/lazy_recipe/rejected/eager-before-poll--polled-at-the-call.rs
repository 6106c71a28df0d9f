//! "One poll, and the order is logged": the first line of the block runs, and the second with it.

use std::time::Duration;

use futures::FutureExt;
use futures::future::maybe_done;
use kit::Log;
use tokio::time::sleep;

/// How long a dish is on the stove.
pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    let mut recipe = Box::pin(maybe_done(async move {
        log.add(format!("ordered {dish}"));
        log.add(format!("cooking {dish}"));
        sleep(COOKING).await;
        format!("hot {dish}")
    }));
    let _ordered = recipe.as_mut().now_or_never();
    async move {
        recipe.as_mut().await;
        recipe.as_mut().take_output().unwrap()
    }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
