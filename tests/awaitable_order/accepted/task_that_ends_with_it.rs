//! A task on the runtime, begun at the first poll, in a set that takes it along when it is dropped.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::task::JoinSet;
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
            let mut stove = JoinSet::new();
            stove.spawn(async move { cook(&self).await });
            stove.join_next().await.expect("one is cooking").expect("cooking does not panic")
        })
    }
}
