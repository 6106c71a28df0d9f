//! The rest of the contract: how far it runs ahead of any reader, when its task goes,
//! whom it wakes, and what `monitor` asks for.

use std::task::Context;
use std::time::Duration;

use exercise::sensors::{Reading, monitor};
use futures::future::join3;
use futures::stream::StreamExt;
use kit::{
    alive_tasks, arriving, blame, counting_waker, drive, drops_anywhere, got_up, ms,
    paused_runtime, plainly, secs, strict_stream, sweep, timed,
};
use tokio::task::yield_now;
use tokio::time::{Instant, advance, sleep, timeout};

use crate::visible::{
    MINUTE, Readings, alarms_of, dropped, left_alone, measured, read, same, started, task_goes,
    watched,
};

const WHO: &str = "The stream";

#[test]
fn it_is_never_further_ahead_than_it_may_be() {
    watched().run(async {
        for (seed, ahead) in [(4, 1), (5, 2), (6, 8)] {
            left_alone(seed, ahead).await;
        }
    });
}

#[test]
fn a_place_that_is_free_is_used_at_once() {
    watched().run(async {
        // A reader that is slow now, and then fast.
        let pauses = [0, 9_000, 0, 0, 700, 4_000, 0, 12_000, 0, 0, 0, 0].map(ms);
        for ahead in [1, 2, 5] {
            let alone = measured(7, pauses.len()).await;
            let (wanted, moments) = with_a_reader(&alone, ahead, &pauses);
            let (mut stream, begun) = (started(7, ahead), Instant::now());
            let (mut got, mut read) = (Vec::new(), Vec::new());
            for pause in pauses {
                let next = timeout(MINUTE, stream.next()).await;
                read.push(begun.elapsed());
                got.extend(next.ok().flatten());
                sleep(pause).await;
            }
            same(&got, &wanted);
            plainly().unless_eq(read, moments);
        }
    });
}

/// What is measured for a reader that pauses so long after each reading, and when the
/// reader has each of them.
fn with_a_reader(
    alone: &[Reading],
    ahead: usize,
    pauses: &[Duration],
) -> (Vec<Reading>, Vec<Duration>) {
    let (mut readings, mut moments) = (alone.to_vec(), Vec::new());
    let (mut done, mut asked, mut before) = (ms(0), ms(0), ms(0));
    for (number, pause) in pauses.iter().enumerate() {
        let takes = alone[number].at - before;
        let room = number.checked_sub(ahead).map_or(ms(0), |older: usize| moments[older]);
        before = alone[number].at;
        done = done.max(room) + takes;
        readings[number].at = done;
        moments.push(done.max(asked));
        asked = done.max(asked) + *pause;
    }
    (readings, moments)
}

#[test]
fn whenever_the_stream_is_dropped_its_task_goes_at_once() {
    watched().run(async {
        // As many readings, then so much time: before its task has had a turn, in the
        // middle of a measurement, and while there is no room.
        for (count, pause) in [(0, 0), (0, 100), (1, 0), (1, 100), (3, 300), (0, 60_000)] {
            let mut stream = started(8, 2);
            plainly().unless_eq(read(&mut stream, count).await.len(), count);
            if pause > 0 {
                sleep(ms(pause)).await;
            }
            dropped(stream).await;
        }
    });
}

#[test]
fn it_can_be_dropped_where_there_is_no_runtime() {
    watched().run_sync(|| {
        let runtime = paused_runtime();
        let start = || {
            drive(&runtime, async {
                let stream = started(9, 2);
                sleep(ms(100)).await;
                stream
            })
        };
        drive(&runtime, async { dropped(started(9, 2)).await });
        // The same outside of it. What is wrong now is due to that.
        drops_anywhere(start());
        let left = drive(&runtime, async {
            sleep(ms(1)).await;
            alive_tasks()
        });
        blame("async-work-in-drop").because("task-stays", &[("count", &left)]).unless(left == 0);
        let stream = start();
        drop(runtime);
        drops_anywhere(stream);
    });
}

#[test]
fn the_time_of_a_reading_counts_from_the_call() {
    watched().run(async {
        let begun = Instant::now();
        let mut stream = started(15, 2);
        // The clock moves on before any task has its first turn.
        advance(ms(300)).await;
        let first = read(&mut stream, 1).await;
        let at: Vec<Duration> = first.iter().map(|reading| reading.at).collect();
        plainly().unless_eq(at, [begun.elapsed()]);
    });
}

#[test]
fn a_cancelled_next_loses_no_reading() {
    watched().run(async {
        let wanted = measured(10, 5).await;
        let (mut stream, begun) = (started(10, 3), Instant::now());
        let mut got = Vec::new();
        while got.len() < wanted.len() && begun.elapsed() < MINUTE {
            match timeout(ms(130), stream.next()).await {
                Ok(Some(reading)) => got.push(reading),
                Ok(None) => break,
                Err(_) => {}
            }
        }
        same(&got, &wanted);
    });
}

#[test]
fn the_latest_task_is_woken() {
    watched().run(async {
        let wanted = measured(11, 1).await;
        let mut stream = started(11, 2);
        let (old_wakes, old) = counting_waker("the first task");
        let (new_wakes, new) = counting_waker("the second task");
        for waker in [&old, &new] {
            // Twice: who goes on in a second call says so by waking itself.
            for _ in 0..2 {
                let early = stream.as_mut().poll_next(&mut Context::from_waker(waker));
                plainly().because("not-pending", &[("who", &WHO)]).unless(early.is_pending());
                yield_now().await;
            }
        }
        let (before_old, before) = (old_wakes.wakes(), new_wakes.wakes());
        sleep(wanted[0].at + ms(1)).await;
        let (is_old, is_new) = (old_wakes.wakes() > before_old, new_wakes.wakes() > before);
        blame("stale-waker").because("old-task-woken", &[("who", &WHO)]).unless(is_new || !is_old);
        // Without a wake it can only have come if it is there.
        let come = stream.as_mut().poll_next(&mut Context::from_waker(&new)).is_ready();
        let check = if come { blame("pending-without-waker") } else { plainly() };
        check.because("not-woken", &[("who", &WHO)]).unless(is_new);
    });
}

#[test]
fn sensors_do_not_disturb_each_other() {
    watched().run(async {
        let (wanted, others) = (measured(12, 4).await, measured(13, 4).await);
        let [mut first, mut twin, mut other] = [12, 12, 13].map(|seed| started(seed, 2));
        let all = join3(read(&mut first, 4), read(&mut twin, 4), read(&mut other, 4));
        // No measurement is done so soon.
        let ((got, again, other), got_up) = tokio::join!(all, got_up(ms(400)));
        blame("busy-wake").unless(got_up < 50);
        same(&got, &wanted);
        same(&again, &wanted);
        same(&other, &others);
    });
}

#[test]
fn monitor_takes_any_stream_and_asks_for_no_more_than_it_needs() {
    watched().run(async {
        // Of three readings: how many to read, and how often that takes a question.
        for (n, questions) in [(0, 0), (2, 2), (3, 3), (5, 4), (usize::MAX, 4)] {
            let readings = warm(&[31.0, 18.0, 32.5]);
            let some = strict_stream(WHO, readings.clone());
            let seen = some.watch();
            let (alarms, time) = timed(monitor(some, n, 28.0)).await; // gate: stream-must-be-pinned
            let count = seen.polls();
            let facts: [(&str, &dyn std::fmt::Display); 2] = [("n", &n), ("count", &count)];
            blame("generator-runs-ahead").because("asked-for", &facts).unless(count <= questions);
            plainly().unless_eq(alarms, alarms_of(&readings[..n.min(3)], 28.0));
            plainly().unless_eq((count, time), (questions, secs(0)));
        }
        // Between two readings an hour may go by.
        let hour = |_| Reading { celsius: 31.0, humidity: 50.0, at: ms(0) };
        let slow: Readings = Box::pin(arriving(&[3_600_000, 7_200_000], 10_800_000).map(hour));
        let (alarms, time) = timed(monitor(slow, 3, 28.0)).await;
        blame("timeout-wrong-scope").unless_eq((alarms.len(), time), (2, secs(10_800)));
    });
}

#[test]
fn an_alarm_is_for_what_is_warmer_than_the_limit() {
    watched().run(async {
        let readings = warm(&[28.0, 28.1, -40.0, 31.25, 27.9, 28.0, 50.0]);
        for above in [28.0, 27.95, -40.0, -50.0, 100.0] {
            let stream = strict_stream(WHO, readings.clone());
            let alarms = monitor(stream, readings.len(), above).await;
            plainly().unless_eq(alarms, alarms_of(&readings, above));
        }
    });
}

#[test]
fn a_dropped_monitor_leaves_no_task() {
    watched().run(async {
        sweep(async |cut| {
            let alarms = cut.run(monitor(started(14, 2), 4, 0.0)).await;
            task_goes().await;
            plainly().unless_eq(alarms.map_or(4, |alarms| alarms.len()), 4);
        })
        .await;
    });
}

/// Readings of these degrees.
fn warm(celsius: &[f64]) -> Vec<Reading> {
    let reading = |&celsius| Reading { celsius, humidity: 50.0, at: ms(0) };
    celsius.iter().map(reading).collect()
}
