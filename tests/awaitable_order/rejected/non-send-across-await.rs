//! "Only one thread cooks": an `Rc` in the future ties it to that thread.

use std::rc::Rc;
use std::time::Duration;

use futures::future::LocalBoxFuture;
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
    type IntoFuture = LocalBoxFuture<'static, String>;

    fn into_future(self) -> Self::IntoFuture {
        let order = Rc::new(self);
        Box::pin(async move { cook(&order).await })
    }
}
