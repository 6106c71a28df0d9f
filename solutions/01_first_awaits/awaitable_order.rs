//! awaitable_order: the reference answer.
//!
//! `.await` is no privilege of async functions. Any type may be awaited that
//! says what future it turns into. Builders of requests are made so, for
//! example: you set what you want to set, and await the builder itself.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::sleep;

/// Has a dish on the stove for its time, and gives "hot DISH". Leave this one as
/// it is.
pub async fn cook(order: &Order) -> String {
    let _span = kit::span(order.dish); // draws a bar in the timeline of your verdict
    sleep(Duration::from_secs(order.secs)).await;
    format!("hot {}", order.dish)
}

/// A dish, and the seconds that it takes. Leave this one as it is.
///
/// Not `Copy`: whoever awaits an order uses it up.
#[must_use = "an order is cooked when it is awaited, and not before"]
pub struct Order {
    pub dish: &'static str,
    pub secs: u64,
}

impl IntoFuture for Order {
    /// What `order.await` gives.
    type Output = String;

    /// What `order.await` polls. A `BoxFuture` is a box with any future in it
    /// that borrows nothing (`'static`) and may change threads.
    type IntoFuture = BoxFuture<'static, String>;

    /// Makes the future that cooks this order.
    ///
    /// The stove is on from the first poll of that future, not from this call.
    /// If the future is dropped half-way, the cooking ends with it: nothing goes
    /// on behind its back.
    fn into_future(self) -> Self::IntoFuture {
        // `cook` only borrows the order, and this function is about to return.
        // So somebody must keep the order for as long as it is cooked: `move`
        // makes it part of the block, and the block may then lend it to `cook`.
        //
        // The box is there for the type. An async block has a type without a
        // name, and `type IntoFuture = …` has to name one.
        Box::pin(async move { cook(&self).await })
    }
}
