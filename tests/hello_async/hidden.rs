//! The rest of the contract: exactly a second, on exactly this runtime.

use std::thread;

use exercise::hello_async;
use kit::{
    Lab, Log, blame, elsewhere, lab, ms, no_tasks_left, paused_runtime, plainly, secs, timed, took,
};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep};

/// Blocked for ever: by a wait for what only that thread could do.
fn watched() -> Lab {
    lab().stuck_means("sync-io-in-async")
}

/// What the clock of this runtime shows, without running any of its tasks.
fn now(rt: &Runtime) -> Instant {
    let _inside = rt.enter();
    Instant::now()
}

/// A runtime that has run for five seconds: no other one's clock shows that.
fn five_seconds_old() -> Runtime {
    let rt = paused_runtime();
    rt.block_on(async { sleep(secs(5)).await });
    rt
}

/// A task that was started and not waited for, or one that never started.
fn done_or_blamed(left: usize, log: &Log) {
    blame("dropped-handle-detaches")
        .because("tasks-alive", &[("count", &left), ("expected", &0)])
        .unless(left == 0);
    blame("let-underscore-future")
        .because("never-polled", &[("who", &"simple_task")])
        .unless(!log.lines().is_empty());
}

#[test]
fn run_takes_one_second_of_the_runtime_it_was_given() {
    watched().run_sync(|| {
        let (rt, log) = (five_seconds_old(), Log::new());
        let start = now(&rt);
        hello_async::run(&rt, &log);
        done_or_blamed(rt.metrics().num_alive_tasks(), &log);
        plainly().because("other-runtime", &[]).unless(log.instants()[0] == secs(5));
        plainly().unless_eq(now(&rt) - start, secs(1));
        plainly().unless_eq(log.timed(), "t=  5000 start\nt=  6000 done");
    });
}

#[test]
fn one_runtime_runs_it_twice() {
    watched().run_sync(|| {
        let (rt, log) = (five_seconds_old(), Log::new());
        let start = now(&rt);
        for _ in 0..2 {
            hello_async::run(&rt, &log);
            done_or_blamed(rt.metrics().num_alive_tasks(), &log);
        }
        plainly().because("other-runtime", &[]).unless(log.instants()[0] == secs(5));
        plainly().unless_eq(log.lines(), ["start", "done", "start", "done"]);
        plainly().unless_eq(now(&rt) - start, secs(2));
    });
}

#[test]
fn a_runtime_with_many_threads_will_do() {
    watched().run_sync(|| {
        // Its clock cannot be paused, and nobody should wait for a real second.
        // So the wait goes on behind this test, which ends at the first line.
        let log = Log::new();
        let its_log = log.clone();
        let running = elsewhere(move || {
            let mut two = Builder::new_multi_thread();
            let rt = two.worker_threads(2).enable_all().build().expect("threads can be started");
            hello_async::run(&rt, &its_log);
            rt.metrics().num_alive_tasks()
        });
        while log.lines().is_empty() && !running.is_finished() {
            thread::sleep(ms(1));
        }
        if running.is_finished() {
            match running.join() {
                Ok(left) => done_or_blamed(left, &log),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        plainly().unless_eq(&log.lines()[0], "start");
    });
}

#[test]
fn others_have_their_turn_while_it_waits() {
    watched().run(async {
        let log = Log::new();
        let other = async {
            sleep(ms(500)).await;
            log.add("other");
        };
        let (_, time) = timed(async { tokio::join!(hello_async::simple_task(&log), other) }).await;
        no_tasks_left("dropped-handle-detaches");
        plainly().unless_eq(time, secs(1));
        plainly().unless_eq(log.timed(), "t=     0 start\nt=   500 other\nt=  1000 done");
    });
}

#[test]
fn the_task_does_nothing_before_it_is_awaited() {
    watched().run(async {
        let (first, log) = (Log::new(), Log::new());
        let ((), time) = timed(hello_async::simple_task(&first)).await;
        no_tasks_left("dropped-handle-detaches");
        plainly().unless_eq(time, secs(1));

        let task = hello_async::simple_task(&log);
        sleep(secs(5)).await;
        log.should_be(&[], "eager-before-poll");
        no_tasks_left("eager-before-poll");
        let ((), time) = timed(task).await;
        took(time).faster_means("eager-before-poll").should_be(secs(1));
        plainly().unless_eq(log.timed(), "t=  6000 start\nt=  7000 done");
    });
}
