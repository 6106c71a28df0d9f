//! All is done when the queue ends; after a stop, what can be done in time.

use std::time::Duration;

use exercise::shutdown::{Job, Server, Summary};
use kit::{Lab, blame, lab, ms, plainly, secs, timed, took};
use tokio::sync::mpsc::{self, Sender};
use tokio::time::sleep;

#[test]
fn all_is_done_when_the_queue_ends() {
    watched().run(async {
        let (queue, server) = serving(10);
        for time in [1, 3, 2] {
            send(&queue, job(secs(time))).await;
        }
        drop(queue);
        let (summary, time) = timed(server.join()).await;
        blame("sequential-awaits").unless(time != secs(6));
        looks_not_now_and_then(time, secs(3));
        plainly().unless_eq(time, secs(3));
        plainly().unless_eq(summary, Summary { done: 3, aborted: 0, rejected: 0 });
    });
}

#[test]
fn after_a_stop_there_is_a_period_of_grace() {
    watched().run(async {
        let (queue, server) = serving(10);
        for time in [5, 20, 7_200] {
            send(&queue, job(secs(time))).await;
        }
        sleep(secs(1)).await;
        server.stop();
        let (summary, time) = timed(server.join()).await;
        blame("shutdown-drops-work").unless(summary.done > 0 || time >= secs(4));
        grace_took(time, secs(10));
        plainly().unless_eq(summary, Summary { done: 1, aborted: 2, rejected: 0 });
    });
}

/// All tests: a task that goes round and round never lets the clock move, nor does one that
/// blocks the thread on which all the others are.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake").wait_means("sync-io-in-async")
}

/// A server whose queue has so many places, and ten seconds of grace.
pub fn serving(places: usize) -> (Sender<Job>, Server) {
    serving_with(places, secs(10))
}

/// The same with another grace.
pub fn serving_with(places: usize, grace: Duration) -> (Sender<Job>, Server) {
    let (queue, jobs) = mpsc::channel(places);
    (queue, Server::start(jobs, grace))
}

/// Who is a little late has looked whether it is over, again and again.
fn looks_not_now_and_then(time: Duration, wanted: Duration) {
    blame("busy-wake").unless(time <= wanted || time >= wanted + ms(500));
}

/// Checks how much of the grace went by before the server ended.
pub fn grace_took(time: Duration, wanted: Duration) {
    looks_not_now_and_then(time, wanted);
    let took = took(time).slower_means("timer-recreated-in-loop");
    took.faster_means("shutdown-drops-work").should_be(wanted);
}

/// A job that takes this long.
pub fn job(time: Duration) -> Job {
    // A `sleep` counts from the call, and a job from its first poll.
    Box::pin(async move { sleep(time).await })
}

/// Sends a job that has to be taken.
pub async fn send(queue: &Sender<Job>, job: Job) {
    queue.send(job).await.expect("the server has not been stopped");
}
