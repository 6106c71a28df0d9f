//! A hand-written future in the box: it makes a timer at its first poll and keeps it.

use std::future::poll_fn;
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
        let mut on_the_stove = None;
        Box::pin(poll_fn(move |cx| {
            let time = Duration::from_secs(self.secs);
            let timer = on_the_stove.get_or_insert_with(|| Box::pin(sleep(time)));
            timer.as_mut().poll(cx).map(|()| format!("hot {}", self.dish))
        }))
    }
}
