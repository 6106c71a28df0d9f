//! "An order may be a future itself": each poll begins to cook anew.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

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

impl Future for Order {
    type Output = String;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        pin!(cook(&self)).poll(cx)
    }
}
