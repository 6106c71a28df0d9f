//! The rest of the contract: nothing before the first poll, and everything once.

use std::fmt::Display;
use std::task::Poll;
use std::time::Duration;

use exercise::lazy_recipe::{prepare, serve};
use kit::{Log, asked_again, blame, mock, ms, no_tasks_left, plainly, run, secs, timed, took};
use tokio::time::sleep;

/// Orders a dish, and checks what the call alone has done.
fn order<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    let mut wanted = log.lines();
    let recipe = prepare(log, dish);
    let line = format!("ordered {dish}");
    blame("lazy-never-awaited")
        .because("not-at-the-call", &[("line", &line)])
        .unless(log.lines().len() > wanted.len());
    wanted.push(line);
    let early = log.lines().get(wanted.len()).cloned().unwrap_or_default();
    blame("eager-before-poll").because("at-the-call", &[("line", &early)]).unless(early.is_empty());
    plainly().unless_eq(log.lines(), wanted);
    no_tasks_left("eager-before-poll");
    recipe
}

/// It cooked for a second, and left no task behind. What less means, others say.
fn cooked_for(time: Duration) {
    no_tasks_left("dropped-handle-detaches");
    plainly().unless_eq(time, secs(1));
}

#[test]
fn an_order_that_nobody_awaits_is_one_line() {
    run(async {
        // Neither the dish nor the log lives for ever.
        let log = Log::new();
        let dishes: Vec<String> = (1..=3).map(|table| format!("soup for table {table}")).collect();
        let recipes: Vec<_> = dishes.iter().map(|dish| order(&log, dish)).collect();
        sleep(secs(5)).await;
        drop(recipes);
        sleep(secs(5)).await;
        no_tasks_left("eager-before-poll");
        log.should_be(
            &["ordered soup for table 1", "ordered soup for table 2", "ordered soup for table 3"],
            "eager-before-poll",
        );
    });
}

#[test]
fn the_stove_is_on_from_the_first_poll_not_from_the_call() {
    run(async {
        let (at_once, log) = (Log::new(), Log::new());
        for _ in 0..2 {
            // Whoever cooks only the first one is not early with the others.
            let (_, time) = timed(order(&at_once, "bread")).await;
            cooked_for(time);
        }

        let recipe = order(&log, "soup");
        sleep(secs(5)).await;
        let (dish, time) = timed(recipe).await;
        no_tasks_left("dropped-handle-detaches");
        took(time).faster_means("eager-before-poll").should_be(secs(1));
        plainly().unless_eq(log.timed(), "t=  2000 ordered soup\nt=  7000 cooking soup");
        plainly().unless_eq(dish, "hot soup");
    });
}

#[test]
fn however_often_it_is_polled_it_cooks_once() {
    run(async {
        let log = Log::new();
        let mut soup = mock("soup", order(&log, "soup"));
        if soup.poll().is_ready() {
            no_tasks_left("dropped-handle-detaches");
            blame("lazy-never-awaited").because("not-pending", &[("who", &"soup")]).now();
        }
        sleep(ms(500)).await;
        let early = soup.poll();
        plainly().because("not-pending", &[("who", &"soup")]).unless(early.is_pending());
        plainly().unless_eq(log.lines(), ["ordered soup", "cooking soup"]);
        // It may cook in parts, and then it is polled after each of them.
        let (mut woken, mut dish) = (true, Poll::Pending);
        while woken && dish.is_pending() && soup.polls() < 1_100 {
            sleep(secs(2)).await;
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
        plainly().unless_eq(log.lines(), ["ordered soup", "cooking soup"]);
        plainly().unless_eq(dish, Poll::Ready("hot soup".to_owned()));
    });
}

#[test]
fn two_recipes_cook_side_by_side() {
    run(async {
        let log = Log::new();
        let (soup, bread) = (order(&log, "soup"), order(&log, "bread"));
        let (dishes, time) = timed(async { tokio::join!(soup, bread) }).await;
        cooked_for(time);
        let mut lines = log.lines();
        lines[2..].sort();
        plainly()
            .unless_eq(lines, ["ordered soup", "ordered bread", "cooking bread", "cooking soup"]);
        plainly().unless_eq(dishes.0, "hot soup");
        plainly().unless_eq(dishes.1, "hot bread");
    });
}

#[test]
fn a_kitchen_that_closes_and_opens_again() {
    run(async {
        let log = Log::new();
        let closed = serve(&log, false).await;
        no_tasks_left("eager-before-poll");
        // Nor does anything cook later, behind everybody's back.
        sleep(secs(5)).await;
        no_tasks_left("eager-before-poll");
        plainly().unless_eq(closed, None::<String>);
        plainly().unless_eq(log.timed(), "t=     0 ordered soup");
        // Fifty more times: who leaves it to chance will light the stove.
        let often = Log::new();
        for _ in 0..50 {
            plainly().unless_eq(serve(&often, false).await, None::<String>);
            no_tasks_left("eager-before-poll");
        }
        plainly().unless_eq(often.lines(), vec!["ordered soup"; 50]);
        let (open, time) = timed(serve(&log, true)).await;
        cooked_for(time);
        plainly().unless_eq(open.as_deref(), Some("hot soup"));
        plainly().unless_eq(
            log.timed(),
            "t=     0 ordered soup\nt=  5000 ordered soup\nt=  5000 cooking soup",
        );
        // Each soup is a fresh one.
        let (again, time) = timed(serve(&log, true)).await;
        cooked_for(time);
        plainly().unless_eq(again, open);
        plainly().unless_eq(log.lines().len(), 5);
    });
}
