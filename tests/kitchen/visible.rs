//! What every learner sees: the promise in two tests.

use std::pin::pin;
use std::time::Duration;

use exercise::kitchen::{Step, one_by_one, together};
use kit::{
    Log, alive_tasks, blame, in_time, lab, ms, no_tasks_left, not_forgotten, plainly, secs, timed,
    took,
};
use tokio::time::sleep;

const fn minutes(n: u64) -> Duration {
    secs(60 * n)
}

/// A dinner for the cook, and three slow sites for those who would rather read.
fn dinner() -> [Step; 3] {
    [("rice", 30), ("vegetables", 10), ("soup", 15)].map(|(name, minutes)| Step { name, minutes })
}

fn sites() -> [Step; 3] {
    [("site A", 2), ("site B", 3), ("site C", 1)].map(|(name, minutes)| Step { name, minutes })
}

/// The answer says that this much time went by, and so much did.
pub fn told_the_time(told: Duration, time: Duration) {
    let facts = [format!("{told:?}"), format!("{time:?}")];
    // No real clock gets this far, and none shows whole seconds.
    blame("std-instant-under-virtual-clock")
        .because("told-time", &[("told", &facts[0]), ("time", &facts[1])])
        .unless(told > secs(30) || told.subsec_nanos() == 0);
    plainly()
        .because("told-time", &[("told", &facts[0]), ("time", &facts[1])])
        .unless(told == time);
}

/// Who has all steps on at once does not cook in turn. What takes longer then, rests.
fn nobody_rested(time: Duration, longest: Duration, log: &Log) {
    let lines = log.lines();
    let at_once = lines[..lines.len() / 2].iter().all(|line| line.ends_with(" on"));
    if at_once && time > longest {
        plainly().unless_eq(time, longest);
    }
}

/// A task that is alive was left to itself. One that is gone a moment later, and
/// has done nothing more, was aborted.
async fn all_ended(log: &Log) {
    let (count, lines) = (alive_tasks(), log.lines().len());
    sleep(ms(1)).await;
    let aborted = alive_tasks() == 0 && log.lines().len() == lines;
    blame(if aborted { "joinset-drop-unawaited" } else { "dropped-handle-detaches" })
        .because("tasks-alive", &[("count", &count), ("expected", &0)])
        .unless(count == 0);
}

/// No step is begun again and again.
fn begun_once(steps: &[Step], log: &Log) {
    let on = log.lines().iter().filter(|line| line.ends_with(" on")).count();
    blame("subfuture-recreated").unless(on <= steps.len());
}

#[test]
fn one_by_one_takes_the_sum_of_the_steps() {
    lab().stuck_means("blocking-sleep").run(async {
        for (steps, sum) in [(dinner(), minutes(55)), (sites(), minutes(6))] {
            let log = Log::new();
            let (told, time) = timed(one_by_one(&steps, &log)).await;
            no_tasks_left("dropped-handle-detaches");
            let lines = log.lines();
            let overlap = lines.windows(2).any(|w| w[0].ends_with(" on") && w[1].ends_with(" on"));
            plainly().because("overlap", &[]).unless(!overlap);
            took(time).lazy_only_if_none().should_be(sum);
            told_the_time(told, time);
        }
    });
}

#[test]
fn together_takes_as_long_as_the_longest_step() {
    lab().stuck_means("blocking-sleep").run(async {
        for (steps, longest) in [(dinner(), minutes(30)), (sites(), minutes(3))] {
            let log = Log::new();
            let mut dinner = pin!(together(&steps, &log));
            let (told, time) = timed(in_time(minutes(120), dinner.as_mut())).await;
            begun_once(&steps, &log);
            let Some(told) = told else {
                not_forgotten(minutes(120), dinner).await;
                begun_once(&steps, &log);
                // All is cooked, and it waits for one more: for a channel to close.
                let done = log.lines().iter().filter(|line| line.ends_with(" done")).count();
                let hang = if done == steps.len() { blame("self-kept-sender") } else { plainly() };
                hang.because("deadline", &[("limit", &"2h")]).now()
            };
            all_ended(&log).await;
            nobody_rested(time, longest, &log);
            took(time).lazy_only_if_none().should_be(longest);
            told_the_time(told, time);
        }
    });
}
