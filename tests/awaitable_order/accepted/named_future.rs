//! No box: a future written by hand, with a name that `IntoFuture` can tell.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

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
    type IntoFuture = Cooking;

    fn into_future(self) -> Cooking {
        Cooking { order: self, on_the_stove: None }
    }
}

pub struct Cooking {
    order: Order,
    on_the_stove: Option<Pin<Box<Sleep>>>,
}

impl Future for Cooking {
    type Output = String;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        let time = Duration::from_secs(self.order.secs);
        let timer = self.on_the_stove.get_or_insert_with(|| Box::pin(sleep(time)));
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(format!("hot {}", self.order.dish))
    }
}
