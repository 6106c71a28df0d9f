//! An async fn does the cooking, in a task of its own that begins at the first poll.

use std::time::Duration;

use kit::Log;

pub const COOKING: Duration = Duration::from_secs(1);

async fn cook(log: Log, dish: String) -> String {
    log.add(format!("cooking {dish}"));
    tokio::time::sleep(COOKING).await;
    format!("hot {dish}")
}

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    let recipe = cook(log.clone(), dish.to_owned());
    async { tokio::spawn(recipe).await.expect("cooking does not panic") }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
