//! It cooks in ten parts, so that it is polled eleven times; serve selects.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    async move {
        log.add(format!("cooking {dish}"));
        for _stir in 0..10 {
            sleep(COOKING / 10).await;
        }
        format!("hot {dish}")
    }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    tokio::select! {
        soup = recipe, if open => Some(soup),
        else => None,
    }
}
