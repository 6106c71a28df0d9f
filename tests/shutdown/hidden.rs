//! The rest of the contract: who hears of a stop and when, how long the grace is, and
//! that each job is counted once.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use exercise::shutdown::{Job, Summary};
use futures::FutureExt;
use kit::{
    Log, Tally, blame, got_up, ms, no_tasks_left, plainly, secs, stays_asleep, sweep, timed,
};
use tokio::sync::mpsc::Sender;
use tokio::task::try_id;
use tokio::time::{sleep, timeout};

use crate::visible::{grace_took, job, send, serving, serving_with, watched};

#[test]
fn dropped_it_ends_whatever_runs() {
    watched().run(async {
        let alive = Tally::of("jobs");
        let begun = async || {
            let (queue, server) = serving(10);
            send(&queue, counted(&alive, secs(2))).await;
            send(&queue, counted(&alive, secs(1))).await;
            sleep(ms(500)).await;
            (queue, server)
        };
        let (queue, server) = begun().await;
        drop(server);
        all_gone(&alive, queue).await;
        let (queue, server) = begun().await;
        server.stop();
        sleep(ms(1)).await;
        drop(server);
        all_gone(&alive, queue).await;
        sweep(async |cut| {
            let (queue, server) = begun().await;
            server.stop();
            cut.run(server.join()).await;
            all_gone(&alive, queue).await;
        })
        .await;
    });
}

#[test]
fn a_stop_is_heard_however_early_it_comes() {
    watched().run(async {
        let (queue, server) = serving(10);
        server.stop();
        let mut joined = pin!(timed(server.join()));
        let Ok((summary, time)) = timeout(secs(3_600), &mut joined).await else {
            blame(never_ends(&queue).await).now()
        };
        plainly().unless_eq((summary, time), (Summary::default(), secs(0)));
        plainly().unless(queue.is_closed());
    });
}

#[test]
fn a_stop_comes_before_a_full_queue() {
    watched().run(async {
        // Many times: whoever leaves it to chance is lucky now and then.
        for _ in 0..20 {
            let begun = Tally::of("jobs that were begun");
            let (queue, server) = serving(30);
            for number in 0..31 {
                plainly().unless(queue.try_send(counted(&begun, secs(2))).is_ok());
                if number == 0 {
                    sleep(ms(1)).await;
                }
            }
            server.stop();
            let summary = server.join().await;
            blame("biased-starvation").unless(begun.made() <= 1);
            let counted = summary.done + summary.aborted + summary.rejected;
            blame("shutdown-drops-work").unless(counted >= 31);
            plainly().unless_eq(summary, Summary { done: 1, aborted: 0, rejected: 30 });
        }
    });
}

#[test]
fn each_job_that_was_sent_is_counted() {
    watched().run(async {
        for places in [1, 3] {
            let (queue, server) = serving(places);
            let sent = async {
                let mut sent = 0;
                // Some are done in the end, some are not. Who is never refused gives up.
                while sent < 500 && queue.send(job(ms(500 * (sent % 4 * 10)))).await.is_ok() {
                    sent += 1;
                    sleep(ms(100)).await;
                }
                sent as usize
            };
            let stopped = async {
                sleep(ms(2_050)).await;
                server.stop();
                // These come before the server has had a turn.
                let late = (0..places).filter(|_| queue.try_send(job(secs(1))).is_ok()).count();
                (server.join().await, late)
            };
            let (sent, (summary, late)) = tokio::join!(sent, stopped);
            let counted = summary.done + summary.aborted + summary.rejected;
            blame("shutdown-drops-work").unless(counted >= sent + late);
            plainly().unless_eq(counted, sent + late);
            plainly().unless_eq(summary.rejected, late);
        }
    });
}

#[test]
fn who_has_reserved_a_place_may_use_it() {
    watched().run(async {
        let (queue, server) = serving(3);
        send(&queue, job(secs(3))).await;
        let place = queue.reserve().await.expect("the server has not been stopped");
        sleep(ms(1)).await;
        server.stop();
        let used = async {
            sleep(secs(1)).await;
            blame("zombie-producer").unless(queue.is_closed());
            place.send(job(secs(1)));
        };
        let ((), (summary, time)) = tokio::join!(used, timed(server.join()));
        plainly().unless_eq((summary.done, time), (1, secs(3) - ms(1)));
        blame("shutdown-drops-work").unless_eq(summary.rejected, 1);
        plainly().unless_eq(summary.aborted, 0);

        // Also if nothing else is left to wait for.
        let (queue, server) = serving(3);
        let place = queue.reserve().await.expect("the server has not been stopped");
        sleep(ms(1)).await;
        server.stop();
        let used = async {
            sleep(secs(4)).await;
            place.send(job(secs(1)));
        };
        let ((), (summary, time)) = tokio::join!(used, timed(server.join()));
        blame("shutdown-drops-work").unless_eq(summary.rejected, 1);
        plainly().unless_eq((summary.done, summary.aborted, time), (0, 0, secs(4)));

        // And who never uses it does not make the grace longer.
        let (queue, server) = serving(3);
        send(&queue, job(secs(20))).await;
        let place = queue.reserve().await.expect("the server has not been stopped");
        sleep(ms(1)).await;
        server.stop();
        let Ok((summary, time)) = timeout(secs(3_600), timed(server.join())).await else {
            blame("tracker-never-closed").now()
        };
        drop(place);
        plainly().unless_eq(time, secs(10));
        plainly().unless_eq(summary, Summary { done: 0, aborted: 1, rejected: 0 });
    });
}

#[test]
fn who_wants_to_send_hears_of_a_stop() {
    watched().run(async {
        let (queue, server) = serving(1);
        send(&queue, job(secs(5))).await;
        sleep(ms(1)).await;
        // No turn for the server in between: one has the place, the other one waits.
        plainly().unless(queue.try_send(job(secs(1))).is_ok());
        server.stop();
        let (sent, time) = timed(queue.send(job(secs(1)))).await;
        blame("zombie-producer").unless(sent.is_err() && time == secs(0));
        plainly().unless(queue.is_closed());
        plainly().unless_eq(server.join().await, Summary { done: 1, aborted: 0, rejected: 1 });
    });
}

#[test]
fn the_grace_is_counted_from_the_stop() {
    watched().run(async {
        let (queue, server) = serving(20);
        for number in 1..=14 {
            send(&queue, job(ms(number * 1_000 + 500))).await;
        }
        sleep(ms(1)).await;
        server.stop();
        let (summary, time) = timed(server.join()).await;
        grace_took(time, secs(10));
        plainly().unless_eq(summary, Summary { done: 9, aborted: 5, rejected: 0 });
    });
}

#[test]
fn the_grace_is_as_long_as_was_said() {
    watched().run(async {
        for grace in [ms(250), ms(1_500), secs(60)] {
            let (queue, server) = serving_with(20, grace);
            send(&queue, job(grace / 2)).await;
            send(&queue, job(grace * 2)).await;
            sleep(ms(1)).await;
            server.stop();
            let (summary, time) = timed(server.join()).await;
            plainly().unless_eq(time, grace);
            plainly().unless_eq(summary, Summary { done: 1, aborted: 1, rejected: 0 });
        }
    });
}

#[test]
fn each_job_is_counted_also_without_any_grace() {
    watched().run(async {
        let (queue, server) = serving_with(200, Duration::ZERO);
        send(&queue, job(secs(2))).await;
        sleep(ms(1)).await;
        // More than a task may take out of a queue before others have a turn.
        for _ in 0..200 {
            plainly().unless(queue.try_send(job(secs(1))).is_ok());
        }
        server.stop();
        let summary = server.join().await;
        let counted = summary.done + summary.aborted + summary.rejected;
        blame("shutdown-drops-work").unless(counted >= 201);
        plainly().unless_eq(summary, Summary { done: 0, aborted: 1, rejected: 200 });
    });
}

#[test]
fn the_grace_is_over_whether_or_not_anybody_waits() {
    watched().run(async {
        let alive = Tally::of("jobs");
        let (queue, server) = serving(20);
        send(&queue, counted(&alive, secs(5))).await;
        send(&queue, counted(&alive, secs(20))).await;
        sleep(ms(1)).await;
        server.stop();
        sleep(secs(11)).await;
        alive.should_live_plainly(0);
        sleep(secs(60)).await;
        let (summary, time) = timed(server.join()).await;
        plainly().unless_eq(time, secs(0));
        plainly().unless_eq(summary, Summary { done: 1, aborted: 1, rejected: 0 });
    });
}

#[test]
fn a_second_stop_changes_nothing() {
    watched().run(async {
        let (queue, server) = serving(20);
        send(&queue, job(secs(15))).await;
        sleep(ms(1)).await;
        server.stop();
        for _ in 0..3 {
            sleep(secs(2)).await;
            server.stop();
        }
        let (summary, time) = timed(server.join()).await;
        grace_took(time, secs(4));
        plainly().unless_eq(summary, Summary { done: 0, aborted: 1, rejected: 0 });
    });
}

#[test]
fn nobody_waits_longer_than_for_the_last_job() {
    watched().run(async {
        let (queue, server) = serving(20);
        send(&queue, job(secs(3))).await;
        sleep(secs(1)).await;
        server.stop();
        let (summary, time) = timed(server.join()).await;
        plainly().unless_eq(time, secs(2));
        plainly().unless_eq(summary, Summary { done: 1, aborted: 0, rejected: 0 });
    });
}

#[test]
fn a_stop_may_come_after_the_end_of_the_queue() {
    watched().run(async {
        let (queue, server) = serving(20);
        send(&queue, job(secs(3))).await;
        send(&queue, job(secs(7_200))).await;
        drop(queue);
        sleep(secs(1)).await;
        server.stop();
        let (summary, time) = timed(server.join()).await;
        plainly().unless_eq(time, secs(10));
        plainly().unless_eq(summary, Summary { done: 1, aborted: 1, rejected: 0 });
    });
}

#[test]
fn a_stop_may_come_when_all_is_over() {
    watched().run(async {
        for is_stopped in [false, true] {
            let (queue, server) = serving(20);
            send(&queue, job(secs(3))).await;
            if is_stopped {
                sleep(secs(1)).await;
                server.stop();
            }
            drop(queue);
            sleep(secs(60)).await;
            server.stop();
            server.stop();
            let (summary, time) = timed(server.join()).await;
            plainly().unless_eq(time, secs(0));
            plainly().unless_eq(summary, Summary { done: 1, aborted: 0, rejected: 0 });
        }
    });
}

#[test]
fn no_job_is_alive_when_it_is_over() {
    watched().run(async {
        let alive = Tally::of("jobs");
        let (queue, server) = serving(20);
        send(&queue, counted(&alive, secs(1))).await;
        // So many that the runtime turns to others before the last of them has gone.
        for _ in 0..500 {
            send(&queue, counted(&alive, secs(7_200))).await;
        }
        sleep(ms(1)).await;
        server.stop();
        let summary = server.join().await;
        no_tasks_left("joinset-drop-unawaited");
        alive.should_live(0, "joinset-drop-unawaited");
        plainly().unless_eq(summary, Summary { done: 1, aborted: 500, rejected: 0 });
    });
}

#[test]
fn a_panic_costs_its_job_and_nothing_else() {
    watched().run(async {
        let (queue, server) = serving(20);
        send(&queue, job(secs(2))).await;
        send(&queue, Box::pin(async { panic!("a job went wrong") })).await;
        sleep(secs(1)).await;
        let next = queue.send(job(secs(2))).await;
        blame("one-failure-kills-all").unless(next.is_ok());
        drop(queue);
        let summary = server.join().await;
        blame("swallowed-join-error").unless(summary.aborted == 1);
        plainly().unless_eq(summary, Summary { done: 2, aborted: 1, rejected: 0 });
    });
}

#[test]
fn a_panic_in_the_grace_costs_no_more() {
    watched().run(async {
        let (queue, server) = serving(20);
        send(&queue, job(secs(4))).await;
        let panics: Job = Box::pin(async {
            sleep(secs(3)).await;
            panic!("a job went wrong")
        });
        send(&queue, panics).await;
        sleep(secs(1)).await;
        server.stop();
        let Ok((summary, time)) = AssertUnwindSafe(timed(server.join())).catch_unwind().await
        else {
            blame("one-failure-kills-all").now()
        };
        blame("swallowed-join-error").unless(summary.aborted == 1);
        plainly().unless_eq(summary, Summary { done: 1, aborted: 1, rejected: 0 });
        plainly().unless_eq(time, secs(3));
    });
}

#[test]
fn each_job_has_a_task_of_its_own() {
    watched().run(async {
        let tasks = Log::new();
        let (queue, server) = serving(3);
        for _ in 0..3 {
            let tasks = tasks.clone();
            let job: Job = Box::pin(async move {
                let task = try_id().map_or("none".to_owned(), |id| id.to_string());
                tasks.add(task);
                sleep(secs(1)).await;
            });
            send(&queue, job).await;
        }
        drop(queue);
        plainly().unless_eq(server.join().await.done, 3);
        let mut tasks = tasks.lines();
        tasks.sort();
        tasks.dedup();
        plainly().unless_eq(tasks.len(), 3);
    });
}

#[test]
fn jobs_run_whether_or_not_anybody_waits() {
    watched().run(async {
        let log = Log::new();
        let (queue, server) = serving(2);
        for _ in 0..5 {
            let log = log.clone();
            let job: Job = Box::pin(async move {
                sleep(secs(1)).await;
                log.add("done");
            });
            plainly().unless(timeout(secs(1), queue.send(job)).await.is_ok());
        }
        sleep(secs(10)).await;
        plainly().unless_eq(log.instants(), [secs(1); 5]);
        drop(queue);
        plainly().unless_eq(server.join().await, Summary { done: 5, aborted: 0, rejected: 0 });
    });
}

#[test]
fn it_sleeps_while_nothing_happens() {
    watched().run(async {
        let (queue, server) = serving(2);
        send(&queue, job(secs(17))).await;
        sleep(ms(1)).await;
        stays_asleep().await;
        server.stop();
        sleep(ms(1)).await;
        blame("busy-wake").unless(got_up(secs(5)).await < 50);
        plainly().unless_eq(server.join().await.done, 1);
    });
}

/// A job that takes this long, counted from its first poll until it is gone.
fn counted(jobs: &Tally, time: Duration) -> Job {
    let jobs = jobs.clone();
    Box::pin(async move {
        let _counted = jobs.token();
        sleep(time).await;
    })
}

/// What it means that a server which was stopped, and has nothing to do, does not end.
async fn never_ends(queue: &Sender<Job>) -> &'static str {
    let begun = Log::new();
    let job = begun.clone();
    let sent = queue.try_send(Box::pin(async move { job.add("begun") }));
    sleep(ms(1)).await;
    match sent {
        Ok(()) if begun.lines().is_empty() => "tracker-never-closed",
        _ => "check-then-notified",
    }
}

/// The server has been dropped, and its jobs with it.
async fn all_gone(alive: &Tally, queue: Sender<Job>) {
    sleep(ms(1)).await; // an aborted task needs a turn to go
    no_tasks_left("dropped-handle-detaches");
    alive.should_live(0, "dropped-handle-detaches");
    plainly().unless(queue.is_closed());
}
