//! "Preparation is free": the timer made at the call runs out while the recipe still lies there.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    let on_the_stove = sleep(COOKING);
    async move {
        log.add(format!("cooking {dish}"));
        on_the_stove.await;
        format!("hot {dish}")
    }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
