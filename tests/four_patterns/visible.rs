//! What every learner sees: what each of the four gives, and how long it takes.

use std::pin::pin;
use std::time::Duration;

use exercise::four_patterns::{basic, chained, concurrent, conditional};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use kit::{
    Lab, alive_tasks, blame, lab, ms, no_tasks_left, outcome, plainly, secs, timed, took, trace,
};
use tokio::time::sleep;

/// A poll that waits for the time to pass keeps it from passing.
pub fn watched() -> Lab {
    lab().stuck_means("sync-io-in-async")
}

/// Awaits what should give this after this long, and leave no task behind.
async fn gives(wanted: &str, time: Duration, mut work: LocalBoxFuture<'_, String>) {
    let (output, got, waited) = outcome(secs(3_600), work.as_mut()).await;
    no_tasks_left("dropped-handle-detaches");
    // A thread of its own slept, and the clock of the timers did not see it.
    blame("std-instant-under-virtual-clock")
        .because("waited-outside", &[])
        .unless(!waited || !got.is_zero());
    plainly().unless_eq(output, wanted);
    // A wait of the wrong length is not one that was left out.
    plainly().unless_eq(if waited { got } else { time }, time);
    took(got).should_be(time);
}

/// A task that is alive was left to itself; one that is gone a moment later was aborted.
async fn all_ended() {
    let count = alive_tasks();
    if count > 0 {
        sleep(ms(1)).await;
        let aborted = alive_tasks() == 0;
        blame(if aborted { "joinset-drop-unawaited" } else { "dropped-handle-detaches" })
            .because("tasks-alive", &[("count", &count), ("expected", &0)])
            .now();
    }
}

/// The names of the pauses that have begun.
pub fn begun() -> Vec<String> {
    names(trace().lines())
}

/// The names of those that had begun before the first of them ended.
fn begun_at_once() -> Vec<String> {
    names(trace().lines().take_while(|line| !line.ends_with("Dropped")))
}

/// Of pauses, where a line says `t=  1000 basic Created`.
fn names<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let pauses = lines.filter_map(|line| line.strip_prefix("t=")?.strip_suffix(" Created"));
    pauses.filter_map(|line| Some(line.trim_start().split_once(' ')?.1.to_owned())).collect()
}

#[test]
fn basic_and_chained_wait_for_a_second() {
    watched().run(async {
        gives("done", secs(1), basic().map(str::to_owned).boxed_local()).await;
        let alone = begun();
        gives("result: done", secs(1), chained().boxed_local()).await;
        // Whoever lets `basic` do the waiting waits in the same way.
        let chained = begun().split_off(alone.len());
        if alone.iter().any(|name| !chained.contains(name)) {
            plainly().unless_eq(chained, alone);
        }
    });
}

#[test]
fn concurrent_takes_as_long_as_its_longest_wait() {
    watched().run(async {
        let (parts, time) = timed(concurrent()).await;
        all_ended().await;
        plainly().unless_eq(parts, ("done", "result: done".to_owned(), ()));
        let (at_once, all) = (begun_at_once(), begun());
        if at_once.len() == 3 {
            // None was forgotten and none waited for another: one has the wrong length.
            plainly().unless_eq(time, secs(2));
        }
        took(time).should_be(secs(2));
        if at_once.len() < 3 {
            // Two of them in turn fit into the time of the third. If `basic` draws a bar,
            // there are two of that name: `chained` has it do the waiting.
            let _ = pin!(basic()).now_or_never();
            if let [name] = &begun()[all.len()..] {
                let of_name = |names: &[String]| names.iter().filter(|n| *n == name).count();
                plainly().unless_eq(vec![name; of_name(&all).min(2)], vec![name; 2]);
                blame("sequential-awaits").unless(of_name(&at_once) > 1);
            }
        }
    });
}

#[test]
fn conditional_waits_only_if_it_is_told_to() {
    watched().run(async {
        let waits = conditional(true).map(str::to_owned);
        gives("after a wait", secs(1), waits.boxed_local()).await;
        let (output, time) = timed(conditional(false)).await;
        no_tasks_left("dropped-handle-detaches");
        plainly().unless_eq(output, "at once");
        plainly().unless_eq(time, secs(0));
    });
}
