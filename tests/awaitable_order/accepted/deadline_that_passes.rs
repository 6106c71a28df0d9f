//! A wait for what never comes, with a deadline.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::{sleep, timeout};

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
        async fn burnt(order: Order) -> String {
            let never = timeout(Duration::from_secs(order.secs), std::future::pending::<()>());
            match never.await {
                Ok(()) => unreachable!("pending is pending"),
                Err(_) => format!("hot {}", order.dish),
            }
        }
        burnt(self).boxed()
    }
}
