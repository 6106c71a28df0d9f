//! "A thread at the stove."

use kit::Log;
use std::time::Duration;
/// How long a dish is on the stove.
pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    async move {
        log.add(format!("cooking {dish}"));
        let (tx, rx) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            std::thread::sleep(COOKING);
            let _ = tx.send(());
        });
        rx.await.unwrap();
        format!("hot {dish}")
    }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let soup = prepare(log, "soup");
    if open { Some(soup.await) } else { None }
}
