//! "create_task, as in Python": the dish cooks whether anybody wants it or not.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    let (log, dish) = (log.clone(), dish.to_owned());
    let cooking = tokio::spawn(async move {
        log.add(format!("cooking {dish}"));
        sleep(COOKING).await;
        format!("hot {dish}")
    });
    async move { cooking.await.expect("cooking does not panic") }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
