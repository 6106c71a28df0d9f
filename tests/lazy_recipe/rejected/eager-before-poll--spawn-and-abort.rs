//! "A closed kitchen aborts the task."

use kit::Log;
use std::time::Duration;
/// How long a dish is on the stove.
pub const COOKING: Duration = Duration::from_secs(1);

use tokio::time::sleep;

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    async move {
        log.add(format!("cooking {dish}"));
        sleep(COOKING).await;
        format!("hot {dish}")
    }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let log: &'static Log = Box::leak(Box::new(log.clone()));
    let soup = tokio::spawn(prepare(log, "soup"));
    if open {
        soup.await.ok()
    } else {
        soup.abort();
        None
    }
}
