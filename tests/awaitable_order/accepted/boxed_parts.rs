//! No async block: a future made of parts, and the method `boxed`.

use std::time::Duration;

use futures::FutureExt;
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
        let Order { dish, secs } = self;
        sleep_until_done(secs).map(move |()| format!("hot {dish}")).boxed()
    }
}

async fn sleep_until_done(secs: u64) {
    sleep(Duration::from_secs(secs)).await;
}
