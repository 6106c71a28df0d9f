//! What every learner sees: the promise in two tests.

use std::pin::pin;

use exercise::hello_async;
use kit::{Log, blame, lab, no_tasks_left, paused_runtime, plainly, secs, timed, took};

#[test]
fn the_task_waits_one_second() {
    lab().stuck_means("sync-io-in-async").run(async {
        let log = Log::new();
        let mut waited = false;
        let task = async {
            let mut task = pin!(hello_async::simple_task(&log));
            waited = futures::poll!(task.as_mut()).is_pending();
            if waited {
                task.await;
            }
        };
        let ((), time) = timed(task).await;
        no_tasks_left("dropped-handle-detaches");
        // A thread of its own slept, and the clock of the timers did not see it.
        blame("std-instant-under-virtual-clock")
            .because("waited-outside", &[])
            .unless(!waited || !time.is_zero());
        // A wait of the wrong length is not one that was left out.
        plainly().unless_eq(if waited { time } else { secs(1) }, secs(1));
        took(time).should_be(secs(1));
        plainly().unless_eq(log.timed(), "t=     0 start\nt=  1000 done");
    });
}

#[test]
fn run_returns_when_the_task_is_done() {
    lab().stuck_means("sync-io-in-async").run_sync(|| {
        let (rt, log) = (paused_runtime(), Log::new());
        let returned = size_of_val(&hello_async::run(&rt, &log));
        let left = rt.metrics().num_alive_tasks();
        blame("dropped-handle-detaches")
            .because("tasks-alive", &[("count", &left), ("expected", &0)])
            .unless(left == 0);
        blame("lazy-never-awaited") // an async fn: what it returns is a future
            .because("never-polled", &[("who", &"run")])
            .unless(returned == 0 || !log.lines().is_empty());
        blame("let-underscore-future")
            .because("never-polled", &[("who", &"simple_task")])
            .unless(!log.lines().is_empty());
        plainly().unless_eq(log.lines(), ["start", "done"]);
    });
}
