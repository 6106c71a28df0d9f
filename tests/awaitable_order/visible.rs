//! What every learner sees: the promise in two tests.

use std::time::Duration;

use exercise::awaitable_order::Order;
use futures::future::LocalBoxFuture;
use kit::{Lab, blame, lab, no_tasks_left, outcome, plainly, secs, took};

/// A poll that waits for the time to pass keeps it from passing.
pub fn watched() -> Lab {
    lab().stuck_means("sync-io-in-async")
}

/// Awaits what should take this long, and leave no task behind.
pub async fn cooked(time: Duration, mut food: LocalBoxFuture<'_, String>) -> String {
    let (dish, got, waited) = outcome(secs(3_600), food.as_mut()).await;
    no_tasks_left("dropped-handle-detaches");
    // A thread of its own slept, and the clock of the timers did not see it.
    blame("std-instant-under-virtual-clock")
        .because("waited-outside", &[])
        .unless(!waited || !got.is_zero());
    // A wait of the wrong length is not one that was left out.
    plainly().unless_eq(if waited { got } else { time }, time);
    took(got).should_be(time);
    dish
}

#[test]
fn an_order_is_awaited_as_if_it_were_a_future() {
    watched().run(async {
        let soup = async { Order { dish: "soup", secs: 2 }.await };
        plainly().unless_eq(cooked(secs(2), Box::pin(soup)).await, "hot soup");
    });
}

#[test]
fn two_orders_cook_side_by_side() {
    watched().run(async {
        let menu = async {
            let rice = Order { dish: "rice", secs: 3 };
            let (rice, egg) = tokio::join!(rice, Order { dish: "egg", secs: 1 });
            format!("{rice}, {egg}")
        };
        plainly().unless_eq(cooked(secs(3), Box::pin(menu)).await, "hot rice, hot egg");
    });
}
