//! "create_task, as in Python": the dish cooks whether anybody awaits it or not.

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
        let cooking = tokio::spawn(async move { cook(&self).await });
        Box::pin(async move { cooking.await.expect("cooking does not panic") })
    }
}
