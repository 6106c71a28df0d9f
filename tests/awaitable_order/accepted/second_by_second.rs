//! It looks into the pot every second, and tells the waiter through a channel.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::sleep;

pub async fn cook(order: &Order) -> String {
    let _span = kit::span(order.dish);
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
            let (ring, rung) = tokio::sync::oneshot::channel();
            let stove = async {
                for _ in 0..self.secs {
                    sleep(Duration::from_secs(1)).await;
                }
                let _ = ring.send(format!("hot {}", self.dish));
            };
            let ((), dish) = tokio::join!(stove, rung);
            dish.expect("the bell is rung")
        })
    }
}
