//! "A function that can wait is an async fn": then even the order waits for the first poll.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub async fn prepare(log: &Log, dish: &str) -> String {
    log.add(format!("ordered {dish}"));
    log.add(format!("cooking {dish}"));
    sleep(COOKING).await;
    format!("hot {dish}")
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
