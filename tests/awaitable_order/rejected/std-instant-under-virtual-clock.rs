//! "A thread cooks, and rings when the dish is done": by the clock on the wall.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::sleep;

pub async fn cook(order: &Order) -> String {
    let _span = kit::span(order.dish); // draws a bar in the timeline of your verdict
    sleep(Duration::from_secs(order.secs)).await;
    format!("hot {}", order.dish)
}

#[must_use = "an order is cooked when it is awaited, and not before"]
pub struct Order {
    pub dish: &'static str,
    pub secs: u64,
}

impl IntoFuture for Order {
    type Output = String;

    type IntoFuture = BoxFuture<'static, String>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (bell, rung) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_secs(self.secs));
                let _ = bell.send(format!("hot {}", self.dish));
            });
            rung.await.expect("the thread rings")
        })
    }
}
