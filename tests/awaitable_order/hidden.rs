//! The rest of the contract: when the stove is on, for how long, and who may hold the future.

use std::fmt::Display;
use std::task::Poll;

use exercise::awaitable_order::Order;
use futures::future::join_all;
use kit::{
    asked_again, blame, mock, ms, no_tasks_left, plainly, require_send, secs, sweep, timed, took,
};
use tokio::time::{sleep, timeout};

use crate::visible::{cooked, watched};

/// Turns an order into its future, and checks that this alone has begun nothing.
fn prepared(dish: &'static str, secs: u64) -> <Order as IntoFuture>::IntoFuture {
    let cooking = Order { dish, secs }.into_future();
    no_tasks_left("eager-before-poll");
    cooking
}

#[test]
fn the_stove_is_on_from_the_first_poll_not_from_the_call() {
    watched().run(async {
        for _ in 0..2 {
            // Whoever cooks for too short a time, or only once, is not early.
            let (_, time) = timed(prepared("rice", 3)).await;
            no_tasks_left("dropped-handle-detaches");
            plainly().unless_eq(time, secs(3));
        }

        let (soup, unwanted) = (prepared("soup", 3), prepared("cake", 4));
        sleep(secs(10)).await;
        no_tasks_left("eager-before-poll");
        let (dish, time) = timed(soup).await;
        no_tasks_left("dropped-handle-detaches");
        took(time).faster_means("eager-before-poll").should_be(secs(3));
        plainly().unless_eq(dish, "hot soup");
        drop(unwanted);
    });
}

#[test]
fn whoever_waits_for_a_dish_is_woken() {
    watched().run(async {
        let mut soup = mock("soup", prepared("soup", 3));
        if soup.poll().is_ready() {
            no_tasks_left("dropped-handle-detaches");
            blame("lazy-never-awaited").because("not-pending", &[("who", &"soup")]).now();
        }
        sleep(secs(1)).await;
        let early = soup.poll().is_pending();
        plainly().because("not-pending", &[("who", &"soup")]).unless(early);
        // It may cook in parts, and then it is polled after each of them. Whoever
        // cooks for too long has lost nothing: so the first look away is a long one.
        let (mut woken, mut dish) = (true, Poll::Pending);
        while woken && dish.is_pending() && soup.polls() < 100 {
            sleep(secs(if soup.polls() == 2 { 3_600 } else { 5 })).await;
            woken = soup.is_woken();
            dish = soup.poll();
        }
        // Nobody has asked for more polls. But perhaps they are all that it needs.
        if dish.is_pending() {
            dish = asked_again(&mut soup).await;
        }
        if dish.is_pending() && soup.wakers() > 0 {
            // Somebody is going to wake it, by another clock.
            let facts: [(&str, &dyn Display); 2] = [("who", &"soup"), ("time", &"50s")];
            blame("std-instant-under-virtual-clock").because("other-clock", &facts).now();
        }
        blame("subfuture-recreated")
            .because("not-ready", &[("who", &"soup")])
            .unless(dish.is_ready());
        blame("pending-without-waker").because("not-woken", &[("who", &"soup")]).unless(woken);
        plainly().unless_eq(dish, Poll::Ready("hot soup".to_owned()));
    });
}

#[test]
fn its_future_may_change_threads() {
    watched().run(async {
        let soup = prepared("soup", 1);
        require_send(&soup); // gate: non-send-across-await
        plainly().unless_eq(cooked(secs(1), Box::pin(soup)).await, "hot soup");
    });
}

#[test]
fn dropped_half_way_nothing_cooks_on() {
    watched().run(async {
        sweep(async |cut| {
            let dish = cut.run(prepared("soup", 2)).await;
            plainly().unless_eq(dish.as_deref().unwrap_or("hot soup"), "hot soup");
            // Time for the runtime to drop what was aborted, and for nothing else.
            sleep(ms(1)).await;
            no_tasks_left("dropped-handle-detaches");
        })
        .await;
    });
}

#[test]
fn every_order_takes_its_own_time() {
    watched().run(async {
        let menu = [("tea", 0), ("egg", 4), ("soup", 90), ("stock", 3_600)];
        for (dish, time) in menu {
            let (hot, got) = timed(prepared(dish, time)).await;
            no_tasks_left("dropped-handle-detaches");
            plainly().unless_eq(hot, format!("hot {dish}"));
            plainly().unless_eq(got, secs(time));
        }
        // One after the other or at once: no order knows of another.
        let (hot, got) = timed(join_all(menu.map(|(dish, time)| prepared(dish, time)))).await;
        no_tasks_left("dropped-handle-detaches");
        plainly().unless_eq(hot, ["hot tea", "hot egg", "hot soup", "hot stock"]);
        plainly().unless_eq(got, secs(3_600));
        // Whatever awaits will take an order: a deadline, for example.
        let (late, got) = timed(timeout(secs(1), Order { dish: "cake", secs: 2 })).await;
        plainly().unless(late.is_err());
        plainly().unless_eq(got, secs(1));
    });
}
