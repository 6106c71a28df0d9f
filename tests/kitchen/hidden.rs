//! The rest of the contract: the whole schedule, the edges, and an honest clock.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use exercise::kitchen::{Step, one_by_one, together};
use kit::{
    ByHand, Log, blame, by_hand, counting_waker, in_time, ms, no_tasks_left, not_forgotten,
    plainly, run, secs, settled, timed, took,
};
use tokio::time::sleep;

use crate::visible::told_the_time;

const fn minutes(n: u64) -> Duration {
    secs(60 * n)
}

fn dinner() -> Vec<Step> {
    [("rice", 30), ("vegetables", 10), ("soup", 15)]
        .map(|(name, minutes)| Step { name, minutes })
        .into()
}

/// All steps cooked together take as long as the longest.
fn took_together(time: Duration, longest: Duration, log: &Log) {
    let lines = log.lines();
    // Who has all of them on at once does not cook in turn. What takes longer then, rests.
    let at_once = lines[..lines.len() / 2].iter().all(|line| line.ends_with(" on"));
    if at_once && time > longest {
        plainly().unless_eq(time, longest);
    }
    took(time).lazy_only_if_none().should_be(longest);
}

#[test]
fn one_by_one_begins_a_step_when_the_one_before_is_done() {
    run(async {
        let log = Log::new();
        let (told, time) = timed(one_by_one(&dinner(), &log)).await;
        no_tasks_left("dropped-handle-detaches");
        plainly().unless_eq(
            log.lines(),
            ["rice on", "rice done", "vegetables on", "vegetables done", "soup on", "soup done"],
        );
        took(time).lazy_only_if_none().should_be(minutes(55));
        plainly().unless_eq(
            log.timed(),
            "t=     0 rice on\n\
             t=1800000 rice done\n\
             t=1800000 vegetables on\n\
             t=2400000 vegetables done\n\
             t=2400000 soup on\n\
             t=3300000 soup done",
        );
        told_the_time(told, time);
    });
}

const DONE_IN_TIME: &str = "t=600000 vegetables done\n\
     t=900000 soup done\n\
     t=1800000 rice done";

#[test]
fn together_begins_every_step_at_once() {
    run(async {
        let log = Log::new();
        let (told, time) = timed(together(&dinner(), &log)).await;
        no_tasks_left("dropped-handle-detaches");
        took_together(time, minutes(30), &log);
        let trace = log.timed();
        let mut lines: Vec<&str> = trace.lines().collect();
        let began = lines.len().min(3);
        lines[..began].sort(); // who begins first at one instant is nobody's business
        // All are on, and who is done in between is not polled then.
        blame("inner-futures-starve")
            .because("log-differs", &[("got", &trace), ("expected", &DONE_IN_TIME)])
            .unless(
                lines.len() != 6
                    || !lines[2].starts_with("t=     0 ")
                    || trace.ends_with(DONE_IN_TIME),
            );
        plainly().unless_eq(
            lines.join("\n"),
            "t=     0 rice on\n\
             t=     0 soup on\n\
             t=     0 vegetables on\n\
             t=600000 vegetables done\n\
             t=900000 soup done\n\
             t=1800000 rice done",
        );
        told_the_time(told, time);
    });
}

#[test]
fn no_steps_or_a_thousand() {
    run(async {
        let log = Log::new();
        let none = async { together(&[], &log).await + one_by_one(&[], &log).await };
        let mut none = pin!(none);
        let (told, time) = timed(in_time(minutes(60), none.as_mut())).await;
        if told.is_none() {
            not_forgotten(minutes(60), none).await;
            blame("buffered-zero-hang").because("deadline", &[("limit", &"1h")]).now();
        }
        plainly().unless_eq(time, secs(0));
        plainly().unless_eq(told.map(|told| told.as_secs()), Some(0));
        plainly().unless_eq(log.lines().len(), 0);

        let nothing_to_do = [("salt", 0), ("egg", 1)].map(|(name, minutes)| Step { name, minutes });
        let (told, time) = timed(together(&nothing_to_do, &Log::new())).await;
        plainly().unless_eq(time, minutes(1));
        told_the_time(told, time);

        let steps: Vec<Step> = (0..1_000).map(|_| Step { name: "egg", minutes: 1 }).collect();
        let (told, time) = timed(together(&steps, &log)).await;
        no_tasks_left("dropped-handle-detaches");
        plainly().unless_eq(log.lines().len(), 2_000);
        took_together(time, minutes(1), &log);
        told_the_time(told, time);
        let (told, time) = timed(one_by_one(&steps, &log)).await;
        no_tasks_left("dropped-handle-detaches");
        plainly().because("overlap", &[]).unless(time != minutes(1));
        took(time).lazy_only_if_none().should_be(minutes(1_000));
        told_the_time(told, time);
        plainly().unless_eq(log.lines().len(), 4_000);
    });
}

#[test]
fn two_kitchens_do_not_get_in_each_others_way() {
    run(async {
        let log = Log::new();
        let (lunch, supper) = (dinner(), [Step { name: "stock", minutes: 1_200 }]);
        let all = async {
            tokio::join!(together(&lunch, &log), together(&supper, &log), one_by_one(&supper, &log))
        };
        let (told, time) = timed(all).await;
        no_tasks_left("dropped-handle-detaches");
        took_together(time, minutes(1_200), &log);
        told_the_time(told.0, minutes(30));
        told_the_time(told.1, minutes(1_200));
        told_the_time(told.2, minutes(1_200));
        plainly().unless_eq(log.lines().len(), 10);
    });
}

#[test]
fn neither_the_stove_nor_the_clock_is_on_before_the_first_poll() {
    run(async {
        let (log, steps) = (Log::new(), dinner());
        let first = together(&steps, &log);
        no_tasks_left("eager-before-poll");
        sleep(minutes(5)).await;
        log.should_be(&[], "eager-before-poll");
        let (told, time) = timed(first).await;
        no_tasks_left("dropped-handle-detaches");
        took_together(time, minutes(30), &log);
        blame("eager-before-poll")
            .because("told-time", &[("told", &"35 min"), ("time", &"30 min")])
            .unless(told != minutes(35));
        told_the_time(told, time);

        let log = Log::new();
        let second = one_by_one(&steps, &log);
        no_tasks_left("eager-before-poll");
        sleep(minutes(5)).await;
        log.should_be(&[], "eager-before-poll");
        let (told, time) = timed(second).await;
        no_tasks_left("dropped-handle-detaches");
        blame("eager-before-poll")
            .because("told-time", &[("told", &"60 min"), ("time", &"55 min")])
            .unless(told != minutes(60));
        told_the_time(told, time);
    });
}

/// More than an hour, and not in whole seconds.
const A_LONG_TIME: Duration = ms(3_600_500);

/// A cook who looks into the pots when called at once, and then not for an hour.
async fn looked_after_badly(dinner: impl Future<Output = Duration>) -> Duration {
    let mut dinner = pin!(dinner);
    let (wakes, waker) = counting_waker("dinner");
    let mut lent = by_hand(dinner.as_mut(), (&wakes, &waker));
    if let Some(Poll::Ready(told)) = settled(&mut lent, 10).await {
        return told;
    }
    sleep(A_LONG_TIME).await;
    let woken = lent.is_woken();
    let unasked = || blame("pending-without-waker").because("not-woken", &[("who", &"dinner")]);
    if let Some(Poll::Ready(told)) = settled(&mut lent, 10).await {
        // It could go on. So somebody should have said so.
        unasked().unless(woken);
        return told;
    }
    // It waits on. But if polls are all that it needs, somebody should ask for them.
    for _ in 0..5 {
        if woken && lent.is_woken() {
            break;
        }
        unasked().unless(lent.turn().is_pending());
        if !woken {
            sleep(A_LONG_TIME).await;
        }
    }
    dinner.await
}

#[test]
fn the_time_is_measured_not_planned() {
    run(async {
        let (log, steps) = (Log::new(), dinner());
        let (told, time) = timed(looked_after_badly(together(&steps, &log))).await;
        no_tasks_left("dropped-handle-detaches");
        took_together(time, A_LONG_TIME, &log);
        told_the_time(told, time);

        let (told, time) = timed(looked_after_badly(one_by_one(&steps, &log))).await;
        no_tasks_left("dropped-handle-detaches");
        // How long depends on who cooks: a task goes on meanwhile, this future does not.
        told_the_time(told, time);
    });
}
