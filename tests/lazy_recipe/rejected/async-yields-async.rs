//! "An async block around an async fn": awaiting it gives a future, not a dish.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

async fn cook(log: &Log, dish: &str) -> String {
    log.add(format!("cooking {dish}"));
    sleep(COOKING).await;
    format!("hot {dish}")
}

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    async move { cook(log, dish) }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
