//! "The recipe makes the dish": serve builds the future and serves a dish that nobody has cooked.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    async move {
        log.add(format!("cooking {dish}"));
        sleep(COOKING).await;
        format!("hot {dish}")
    }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let _recipe = prepare(log, "soup");
    open.then(|| "hot soup".to_owned())
}
