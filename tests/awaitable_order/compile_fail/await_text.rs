//! A text that is awaited: an order knows how to become a future, its name does not.
//~~ pitfall: await-in-sync
use exercise::awaitable_order::Order;

pub async fn misuse(order: Order) {
    order.dish.await; //~ E0277 is not a future
}

fn main() {}
