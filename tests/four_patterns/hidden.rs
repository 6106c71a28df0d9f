//! The rest of the contract: nothing before the first poll, nothing left, and somebody who wakes.

use std::fmt::Display;
use std::task::Poll;
use std::time::Duration;

use exercise::four_patterns::{basic, chained, concurrent, conditional};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use kit::{asked_again, blame, mock, no_tasks_left, plainly, secs, timed, took};
use tokio::time::{advance, sleep};

use crate::visible::{begun, watched};

/// A call of one of the four.
type Call = fn() -> LocalBoxFuture<'static, String>;

/// Those that wait: for how many seconds, and what they give.
const WAITING: [(&str, Call, u64, &str); 4] = [
    ("basic", || basic().map(str::to_owned).boxed_local(), 1, "done"),
    ("chained", || chained().boxed_local(), 1, "result: done"),
    (
        "concurrent",
        || concurrent().map(|parts| format!("{parts:?}")).boxed_local(),
        2,
        r#"("done", "result: done", ())"#,
    ),
    ("conditional", || conditional(true).map(str::to_owned).boxed_local(), 1, "after a wait"),
];

/// Calls one of them, and checks that this alone has begun nothing.
fn called(call: Call) -> LocalBoxFuture<'static, String> {
    let work = call();
    no_tasks_left("eager-before-poll");
    work
}

#[test]
fn nothing_begins_before_the_first_poll() {
    watched().run(async {
        for (_, call, wait, _) in WAITING {
            // Whoever waits for too short a time is not early.
            let (_, time) = timed(called(call)).await;
            no_tasks_left("dropped-handle-detaches");
            plainly().unless_eq(time, secs(wait));
        }
        for (_, call, wait, wanted) in WAITING {
            let work = called(call);
            sleep(secs(10)).await;
            no_tasks_left("eager-before-poll");
            let (output, time) = timed(work).await;
            no_tasks_left("dropped-handle-detaches");
            took(time).faster_means("eager-before-poll").should_be(secs(wait));
            plainly().unless_eq(output, wanted);
        }
    });
}

#[test]
fn whoever_waits_is_woken() {
    watched().run(async {
        for (who, call, _, wanted) in WAITING {
            let mut work = mock(who, called(call));
            let (mut woken, mut output) = (true, work.poll());
            // It may wait in parts, and then it is polled after each of them. Whoever
            // waits for too long has lost nothing: so the first look away is a long one.
            while woken && output.is_pending() && work.polls() < 100 {
                sleep(secs(if work.polls() == 1 { 3_600 } else { 5 })).await;
                woken = work.is_woken();
                output = work.poll();
            }
            no_tasks_left("dropped-handle-detaches");
            // Nobody has asked for more polls. But perhaps they are all that it needs.
            if output.is_pending() {
                output = asked_again(&mut work).await;
            }
            if output.is_pending() && work.wakers() > 0 {
                // Somebody is going to wake it, by another clock.
                let facts: [(&str, &dyn Display); 2] = [("who", &who), ("time", &"50s")];
                blame("std-instant-under-virtual-clock").because("other-clock", &facts).now();
            }
            blame("subfuture-recreated")
                .because("not-ready", &[("who", &who)])
                .unless(output.is_ready());
            blame("pending-without-waker").because("not-woken", &[("who", &who)]).unless(woken);
            plainly().unless_eq(output, Poll::Ready(wanted.to_owned()));
        }
    });
}

#[test]
fn without_a_wait_it_is_ready_at_the_first_poll() {
    watched().run(async {
        // Between two milliseconds not even a sleep of no time is over at once.
        advance(Duration::from_micros(500)).await;
        let mut work = mock("conditional", conditional(false));
        let output = work.poll();
        no_tasks_left("dropped-handle-detaches");
        plainly().because("not-ready", &[("who", &"conditional")]).unless(output.is_ready());
        plainly().unless_eq(output, Poll::Ready("at once"));
        // Whoever asked for a wake has set a timer after all.
        plainly().because("waker-kept", &[("who", &"conditional")]).unless(work.wakers() == 0);
    });
}

#[test]
fn all_of_them_side_by_side() {
    watched().run(async {
        let all = async { tokio::join!(concurrent(), basic(), concurrent(), conditional(false)) };
        let (outputs, time) = timed(all).await;
        no_tasks_left("dropped-handle-detaches");
        plainly().unless_eq(time, secs(2));
        plainly().unless_eq(outputs.0, ("done", "result: done".to_owned(), ()));
        plainly().unless_eq(outputs.1, "done");
        plainly().unless_eq(outputs.2, ("done", "result: done".to_owned(), ()));
        plainly().unless_eq(outputs.3, "at once");

        // Each `concurrent` has `basic` wait twice, once of them for `chained`: not once
        // less, and not anew when one of the others is done.
        let so_far = begun().len();
        let _ = timed(called(WAITING[0].1)).await;
        let alone = begun().split_off(so_far);
        let so_far = begun().len();
        let _ = timed(called(WAITING[2].1)).await;
        let all = begun().split_off(so_far);
        // The third of them may be a pause of the same name.
        let has_others = all.iter().any(|name| !alone.contains(name));
        for name in &alone {
            let of_name = |names: &[String]| names.iter().filter(|n| *n == name).count();
            let (times, wanted) = (of_name(&all), 2 * of_name(&alone));
            plainly().unless_eq(if has_others { times } else { times.min(wanted) }, wanted);
        }
    });
}
