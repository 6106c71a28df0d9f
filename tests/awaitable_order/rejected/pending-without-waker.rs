//! "Somebody will look again": it compares the clock at each poll, and asks nobody to wake it.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{Instant, sleep};

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
        let mut done_at = None;
        Box::pin(poll_fn(move |_| {
            let wait = Duration::from_secs(self.secs);
            let done_at = *done_at.get_or_insert_with(|| Instant::now() + wait);
            if Instant::now() < done_at {
                return Poll::Pending;
            }
            Poll::Ready(format!("hot {}", self.dish))
        }))
    }
}
