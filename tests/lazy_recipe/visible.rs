//! What every learner sees: the promise in two tests.

use std::pin::pin;

use exercise::lazy_recipe::{prepare, serve};
use kit::{Log, blame, no_tasks_left, outcome, plainly, run, secs, timed, took};

/// Awaits what should take a second, and leave no task behind.
async fn cooked<T>(food: impl Future<Output = T>) -> T {
    let mut food = pin!(food);
    let (dish, time, waited) = outcome(secs(3_600), food.as_mut()).await;
    no_tasks_left("dropped-handle-detaches");
    // A thread of its own slept, and the clock of the timers did not see it.
    blame("std-instant-under-virtual-clock")
        .because("waited-outside", &[])
        .unless(!waited || !time.is_zero());
    // A wait of the wrong length is not one that was left out.
    plainly().unless_eq(if waited { time } else { secs(1) }, secs(1));
    took(time).should_be(secs(1));
    dish
}

#[test]
fn a_dish_is_ordered_at_the_call_and_cooked_at_the_await() {
    run(async {
        let log = Log::new();
        let recipe = prepare(&log, "soup");
        blame("lazy-never-awaited")
            .because("not-at-the-call", &[("line", &"ordered soup")])
            .unless(!log.lines().is_empty());
        let early = log.lines().get(1).cloned().unwrap_or_default();
        blame("eager-before-poll")
            .because("at-the-call", &[("line", &early)])
            .unless(early.is_empty());
        plainly().unless_eq(log.lines(), ["ordered soup"]);
        no_tasks_left("eager-before-poll");

        let dish = cooked(recipe).await;
        plainly().unless_eq(log.lines(), ["ordered soup", "cooking soup"]);
        plainly().unless_eq(dish, "hot soup");
    });
}

#[test]
fn a_closed_kitchen_takes_the_order_and_cooks_nothing() {
    run(async {
        let log = Log::new();
        let dish = cooked(serve(&log, true)).await;
        plainly().unless_eq(dish.as_deref(), Some("hot soup"));
        plainly().unless_eq(log.lines(), ["ordered soup", "cooking soup"]);

        let log = Log::new();
        let (dish, time) = timed(serve(&log, false)).await;
        plainly().unless_eq(log.lines(), ["ordered soup"]);
        plainly().unless_eq(time, secs(0));
        plainly().unless_eq(dish, None::<String>);
    });
}
