//! "One block for the order, one for the stove": the outer one returns the inner one.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    async move {
        async move {
            log.add(format!("cooking {dish}"));
            sleep(COOKING).await;
            format!("hot {dish}")
        }
    }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
