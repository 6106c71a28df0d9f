//! "sleep waits by itself": the dish is logged and served without a second on the stove.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    async move {
        log.add(format!("cooking {dish}"));
        let _on_the_stove = sleep(COOKING);
        format!("hot {dish}")
    }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
