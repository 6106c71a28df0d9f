//! The rest of the contract: order, instants, edges, and nothing left behind.

use std::cell::RefCell;
use std::fmt::Display;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use exercise::gather_fetch::{as_completed, gather};
use kit::{
    ByHand, Log, alive_tasks, asked_again, blame, by_hand, counting_waker, got_up, in_time, ms,
    no_tasks_left, not_forgotten, plainly, run, secs, settled, start_over, sweep, timed, took,
};
use tokio::time::{Instant, sleep};

use crate::visible::{asked, took_at_once};

const fn minutes(n: u64) -> Duration {
    secs(60 * n)
}

const fn hours(n: u64) -> Duration {
    secs(3_600 * n)
}

/// Blames the order, unless a page is missing or unknown. That is no matter of order.
fn in_order(pages: Vec<String>, wanted: Vec<String>) {
    let known = pages.iter().all(|p| p.is_empty() || wanted.contains(p));
    let misplaced = pages.iter().zip(&wanted).any(|(p, w)| !p.is_empty() && p != w);
    let mixed_up = if known && misplaced { blame("result-order-mixup") } else { plainly() };
    mixed_up.unless_eq(pages, wanted);
}

#[test]
fn gather_keeps_the_order_of_the_requests() {
    run(async {
        let names: Vec<String> = (0..20).map(|i| format!("page {i}")).collect();
        let wanted: Vec<String> = names.iter().map(|n| format!("data of {n}")).collect();
        // Slowest first: by finishing time this list would come out reversed. Fastest
        // first, and mixed: nor is the last one always the first to be done.
        let orders: [fn(u64) -> u64; 3] = [|i| 20 - i, |i| 1 + i, |i| 1 + i * 7 % 20];
        for longest in orders {
            let named = names.iter().map(String::as_str);
            let requests: Vec<(&str, Duration)> =
                named.zip((0..20).map(longest).map(minutes)).collect();
            let (pages, time) = timed(gather(&requests)).await;
            plainly().unless_eq(pages.len(), wanted.len());
            took_at_once(time, minutes(20));
            in_order(pages, wanted.clone());
        }
    });
}

#[test]
fn gather_keeps_equal_requests_apart() {
    run(async {
        let requests = [("same", secs(1)), ("same", secs(2)), ("now", secs(0))];
        let (pages, time) = timed(gather(&requests)).await;
        let missing = time != secs(2) && pages.len() != requests.len();
        plainly().unless(!missing); // not for lack of a wait
        took_at_once(time, secs(2));
        in_order(pages, ["data of same", "data of same", "data of now"].map(str::to_owned).into());
    });
}

#[test]
fn every_callback_comes_at_its_own_instant() {
    run(async {
        let start = Instant::now();
        let arrived = RefCell::new(Vec::new());
        // Not at times at which somebody might look who looks now and then.
        let requests = [("c", hours(3)), ("a", ms(1_234)), ("b", ms(7_200_567)), ("now", secs(0))];
        let (_, time) = timed(as_completed(&requests, |page| {
            arrived.borrow_mut().push((start.elapsed().as_millis(), page));
        }))
        .await;
        let wanted = [
            (0, "data of now"),
            (1_234, "data of a"),
            (7_200_567, "data of b"),
            (10_800_000, "data of c"),
        ]
        .map(|(at, page)| (at, page.to_owned()));
        let arrived = arrived.into_inner();
        plainly().unless_eq(arrived.len(), wanted.len());
        let known = |page| wanted.iter().any(|(_, wanted)| wanted == page);
        plainly().unless_eq(arrived.iter().filter(|(_, page)| known(page)).count(), wanted.len());
        // In order, and each of them a little late.
        let late = |((at, page), (due, wanted)): (&(u128, String), &(u128, String))| {
            page == wanted && (*due..due + 1_000).contains(at)
        };
        if arrived != wanted && arrived.iter().zip(&wanted).all(late) {
            blame("busy-wake").unless_eq(&arrived, &wanted);
        }
        took_at_once(time, hours(3));
        blame("result-order-mixup").unless_eq(arrived, wanted);
    });
}

#[test]
fn none_one_or_a_thousand_requests() {
    run(async {
        let none = async {
            let pages = gather(&[]).await;
            as_completed(&[], |_| plainly().now()).await;
            pages
        };
        let mut none = pin!(none);
        let (pages, time) = timed(in_time(secs(3_600), none.as_mut())).await;
        if pages.is_none() {
            not_forgotten(secs(3_600), none).await;
            blame("buffered-zero-hang").because("deadline", &[("limit", &"1h")]).now();
        }
        took(time).should_be(secs(0));
        plainly().unless_eq(pages.map(|pages| pages.len()), Some(0));

        for many in [1, 1_025] {
            let requests = vec![("page", secs(1)); many];
            let (pages, time) = timed(gather(&requests)).await;
            plainly().unless_eq(pages.len(), many);
            took_at_once(time, secs(1));
            let mut count = 0;
            let ((), time) = timed(as_completed(&requests, |_| count += 1)).await;
            plainly().unless_eq(count, many);
            took_at_once(time, secs(1));
        }
    });
}

/// All of them, before any time has gone by. A `fetch_data` that draws no bars tells
/// nothing.
fn all_asked(requests: usize) {
    blame("sequential-awaits").unless(asked("t=     0 ") >= requests || asked("") == 0);
}

#[test]
fn every_request_is_asked_for_at_once() {
    run(async {
        let requests = [("user", secs(1)), ("order", secs(2)), ("goods", secs(3))];
        let pages = gather(&requests).await;
        plainly().unless_eq(pages.len(), requests.len());
        all_asked(requests.len());

        start_over();
        let mut count = 0;
        as_completed(&requests, |_| count += 1).await;
        plainly().unless_eq(count, requests.len());
        all_asked(requests.len());
    });
}

#[test]
fn while_nothing_arrives_nobody_looks() {
    run(async {
        let calm = |count| {
            let facts: [(&str, &dyn Display); 1] = [("count", &count)];
            blame("busy-wake").because("awake-meanwhile", &facts).unless(count < 50);
        };
        let requests = [("a", minutes(1)), ("b", minutes(2)), ("c", minutes(3))];
        let ((pages, time), count) = tokio::join!(timed(gather(&requests)), got_up(minutes(3)));
        plainly().unless_eq(pages.len(), requests.len());
        calm(count);
        took_at_once(time, minutes(3));
        let mut heard = 0;
        let reported = timed(as_completed(&requests, |_| heard += 1));
        let ((_, time), count) = tokio::join!(reported, got_up(minutes(3)));
        plainly().unless_eq(heard, requests.len());
        calm(count);
        took_at_once(time, minutes(3));
    });
}

#[test]
fn nothing_is_asked_before_the_first_await() {
    run(async {
        let log = Log::new();
        let requests = [("user", secs(1)), ("order", secs(1))];
        let unpolled = gather(&requests);
        let unpolled_too = as_completed(&requests, |page| log.add(page));
        no_tasks_left("eager-before-poll");
        // Long enough for whatever runs by itself, or has a timer under way.
        sleep(secs(5)).await;
        log.should_be(&[], "eager-before-poll");

        let (pages, time) = timed(gather(&requests)).await;
        plainly().unless_eq(pages.len(), 2);
        took_at_once(time, secs(1));
        let (pages_late, time) = timed(unpolled).await;
        took(time).faster_means("eager-before-poll").should_be(secs(1));
        plainly().unless_eq(pages_late, pages);

        let mut count = 0;
        let ((), time) = timed(as_completed(&requests, |_| count += 1)).await;
        plainly().unless_eq(count, 2);
        took_at_once(time, secs(1));
        let ((), time) = timed(unpolled_too).await;
        took(time).faster_means("eager-before-poll").should_be(secs(1));
        plainly().unless_eq(log.lines().len(), 2);
    });
}

/// Polls when called at once, looks away until all requests are done, and awaits the rest.
async fn looked_after_badly(who: &str, mut requests: Pin<Box<dyn Future<Output = ()> + '_>>) {
    let (wakes, waker) = counting_waker(who);
    let mut lent = by_hand(requests.as_mut(), (&wakes, &waker));
    if let Some(Poll::Ready(())) = settled(&mut lent, 10).await {
        return;
    }
    let tasks = alive_tasks() > 0;
    sleep(secs(5)).await;
    let woken = lent.is_woken();
    let ended = matches!(settled(&mut lent, 10).await, Some(Poll::Ready(())));
    // It has stopped, and perhaps it need not have.
    let stopped = !ended && !lent.is_woken() && (0..3).any(|_| lent.turn().is_ready());
    if ended || stopped {
        // It could go on. So somebody should have said so.
        blame("pending-without-waker")
            .because("not-woken", &[("who", &who)])
            .unless(woken && !stopped);
        return;
    }
    if !woken && !tasks {
        // All would be over, no task has them, and none has woken it. If polls are all
        // that it needs, it is late; else it has lost them.
        blame("pending-without-waker")
            .because("not-woken", &[("who", &who)])
            .unless(asked_again(&mut lent).await.is_pending());
        blame("subfuture-recreated").because("not-ready", &[("who", &who)]).now();
    }
    let ((), time) = timed(requests).await;
    took_at_once(time, secs(0));
}

/// Polled by one task and then by another: the one that polled last is to be woken.
async fn handed_over(who: &str, mut requests: Pin<Box<dyn Future<Output = ()> + '_>>) {
    let (old, old_waker) = counting_waker("the first task");
    let (new, new_waker) = counting_waker("the second task");
    for task in [(&old, &old_waker), (&new, &new_waker)] {
        if let Some(Poll::Ready(())) = settled(&mut by_hand(requests.as_mut(), task), 10).await {
            return;
        }
    }
    let before = (old.wakes(), new.wakes());
    sleep(secs(5)).await;
    blame("stale-waker")
        .because("old-task-woken", &[("who", &who)])
        .unless(new.wakes() > before.1 || old.wakes() == before.0);
}

#[test]
fn whoever_waits_for_requests_is_woken() {
    run(async {
        let requests = [("user", secs(1)), ("order", secs(2))];
        let pages = async { plainly().unless_eq(gather(&requests).await.len(), 2) };
        looked_after_badly("gather", Box::pin(pages)).await;
        looked_after_badly("as_completed", Box::pin(as_completed(&requests, |_| ()))).await;
        handed_over("gather", Box::pin(async { drop(gather(&requests).await) })).await;
        handed_over("as_completed", Box::pin(as_completed(&requests, |_| ()))).await;
    });
}

#[test]
fn gather_dropped_half_way_leaves_nothing_running() {
    run(async {
        sweep(async |cut| {
            let requests = [("user", secs(1)), ("order", secs(2))];
            let (done, time) = timed(cut.run(gather(&requests))).await;
            if let Some(pages) = done {
                plainly().unless_eq(pages.len(), 2);
                took_at_once(time, secs(2));
            }
            // Time for the runtime to drop what was aborted, and for nothing else.
            sleep(ms(1)).await;
            no_tasks_left("dropped-handle-detaches");
        })
        .await;
        // As many as are worth a thought.
        let many = vec![("page", minutes(1)); 100];
        plainly().unless(in_time(secs(1), gather(&many)).await.is_none());
        sleep(ms(1)).await;
        no_tasks_left("dropped-handle-detaches");
    });
}

#[test]
fn as_completed_dropped_half_way_leaves_nothing_running() {
    run(async {
        sweep(async |cut| {
            let log = Log::new();
            let requests = [("user", secs(1)), ("order", secs(2))];
            let reported = as_completed(&requests, |page| log.add(page));
            let (done, time) = timed(cut.run(reported)).await;
            if done.is_some() {
                plainly().unless_eq(log.lines().len(), 2);
                took_at_once(time, secs(2));
            }
            let heard = if done.is_some() { 2 } else { log.lines().len() };
            sleep(ms(1)).await;
            no_tasks_left("dropped-handle-detaches");
            sleep(secs(5)).await;
            blame("dropped-handle-detaches").unless_eq(log.lines().len(), heard);
        })
        .await;
    });
}
