//! An order that is awaited twice: the first await uses it up.
//~~ pitfall: repoll-after-ready
use exercise::awaitable_order::Order;

async fn served(order: Order) -> String {
    order.await
}

pub async fn misuse(order: Order) -> [String; 2] {
    let first = served(order).await;
    let second = served(order).await; //~ E0382
    [first, second]
}

fn main() {}
