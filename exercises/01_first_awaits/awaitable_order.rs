//! awaitable_order: what may stand before `.await`.
//!
//! You know this from asyncio:
//!
//!     class Order:
//!         def __await__(self):
//!             return cook(self).__await__()
//!
//!     dish = await Order("soup", 2)
//!
//! An order is no coroutine. Still it may be awaited, because it knows how to
//! become one: `await` calls its `__await__`. Text does not know how, so
//! `await "soup"` is an error, in Rust as in Python.
//!
//! Rust's `__await__` is the trait `IntoFuture`. `.await` calls `into_future` on
//! whatever stands before it, and then polls what comes back. A future comes
//! back as it is. An order has to make one.
//!
//! `into_future` is an ordinary function. It cannot wait; it hands over a future
//! that will, and that is still there when the call is long over.

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
        todo!("a future that cooks this order, in a box")
    }
}
