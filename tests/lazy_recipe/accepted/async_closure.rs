//! The recipe is an async closure, called at the first poll; a task with a remote handle stands at the stove.

use std::time::Duration;

use futures::{FutureExt, StreamExt, stream};
use kit::Log;
use tokio::time::sleep;

/// How long a dish is on the stove.
pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    let recipe = async move || {
        log.add(format!("cooking {dish}"));
        let (stove, heat) = sleep(COOKING).remote_handle();
        tokio::spawn(stove);
        heat.await;
        format!("hot {dish}")
    };
    async move { recipe().await }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    let mut dishes = stream::iter(open.then_some(recipe)).buffered(1).boxed_local();
    dishes.next().await
}
