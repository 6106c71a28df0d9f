//! An await in a plain function: it has no way to stop and to go on later.
//~~ pitfall: await-in-sync
use exercise::awaitable_order::Order;

pub fn misuse() -> String {
    let order = Order { dish: "soup", secs: 1 };
    order.await //~ E0728
}

fn main() {}
