//! The rest of the contract: nothing before it is asked for, nothing after it
//! is dropped, and every size of the last batch.

use std::num::NonZeroUsize;
use std::pin::{Pin, pin};

use exercise::batches::{batches_macro, batches_unfold, process_in_batches};
use futures::{FutureExt, Stream, StreamExt};
use kit::{
    Blame, Log, alive_tasks, blame, by_hand, counting_waker, due, in_time, mock_stream, ms,
    no_tasks_left, plainly, require_send, run, secs, settled, strict_stream, sweep, timed,
};
use tokio::time::{sleep, timeout};

type Batches = Pin<Box<dyn Stream<Item = Vec<u32>>>>;

type Make = fn(u32, usize, &Log) -> Batches;

/// Every promise is asked of both.
const BOTH: [(&str, Make); 2] = [
    ("batches_unfold", |total, size, log| Box::pin(batches_unfold(total, of(size), log.clone()))),
    ("batches_macro", |total, size, log| Box::pin(batches_macro(total, of(size), log.clone()))),
];

fn of(size: usize) -> NonZeroUsize {
    NonZeroUsize::new(size).expect("no test asks for batches of nothing")
}

/// The requests that the server has had so far.
fn requests(log: &Log) -> Vec<String> {
    log.lines().into_iter().filter(|line| line.starts_with("fetch ")).collect()
}

/// How many requests the server has had so far.
fn fetched(log: &Log) -> usize {
    requests(log).len()
}

/// Says which of the two it was.
fn of_one(who: &str, check: Blame) -> Blame {
    check.because("which-one", &[("who", &who)])
}

#[test]
fn nothing_is_fetched_before_the_first_poll() {
    run(async {
        for (who, batches) in BOTH {
            let (log, tasks) = (Log::new(), alive_tasks());
            let unpolled = batches(15, 3, &log);
            // Work begun at the call is too early; a task that was begun at the
            // call is a producer that runs ahead, whatever it does first.
            let by_task = alive_tasks() > tasks;
            sleep(secs(10)).await;
            let id = if by_task { "generator-runs-ahead" } else { "eager-before-poll" };
            of_one(who, blame(id)).unless_eq(log.lines(), [""; 0]);
            drop(unpolled);

            let first = batches(15, 3, &log).next().await;
            of_one(who, plainly()).unless_eq(first, Some(vec![1, 2, 3]));
        }
    });
}

#[test]
fn a_batch_is_fetched_only_when_it_is_asked_for() {
    run(async {
        for (who, batches) in BOTH {
            let log = Log::new();
            let mut stream = batches(15, 3, &log);
            for count in 1..=5 {
                let (batch, time) = timed(stream.next()).await;
                plainly().because("ended-early", &[("who", &who)]).unless(batch.is_some());
                of_one(who, blame("generator-runs-ahead")).unless(fetched(&log) <= count);
                let last = count as u32 * 3;
                let wanted = Some(vec![last - 2, last - 1, last]);
                of_one(who, plainly()).unless_eq((batch, time), (wanted, secs(1)));
                let of_each = |n: u32| format!("fetch {:?}", n * 3 - 2..=n * 3);
                let asked: Vec<String> = (1..=count as u32).map(of_each).collect();
                of_one(who, plainly()).unless_eq(requests(&log), asked);
                // The reader is busy. Nobody asks for anything.
                sleep(secs(10)).await;
                of_one(who, blame("generator-runs-ahead")).unless_eq(fetched(&log), count);
            }
        }
    });
}

#[test]
fn a_loop_that_breaks_after_two_batches_has_fetched_two() {
    run(async {
        for (who, batches) in BOTH {
            let log = Log::new();
            let mut stream = batches(15, 3, &log);
            let mut read = 0;
            while let Some(batch) = stream.next().await {
                read += batch.len();
                if read >= 6 {
                    break;
                }
            }
            drop(stream);
            sleep(secs(10)).await;
            of_one(who, plainly()).unless_eq(read, 6);
            of_one(who, blame("generator-runs-ahead")).unless(fetched(&log) <= 2);
            of_one(who, plainly()).unless_eq(fetched(&log), 2);
        }
    });
}

#[test]
fn dropped_in_the_middle_of_a_fetch_it_leaves_nothing_running() {
    run(async {
        for (who, batches) in BOTH {
            sweep(async |cut| {
                let log = Log::new();
                let mut stream = batches(15, 3, &log);
                let first = cut.run(stream.next()).await;
                drop(stream);
                let lines = log.lines();
                sleep(ms(1)).await; // an aborted task needs a turn to go
                no_tasks_left("dropped-handle-detaches");
                sleep(secs(10)).await;
                of_one(who, blame("dropped-handle-detaches")).unless_eq(log.lines(), lines);
                if let Some(first) = first {
                    of_one(who, plainly()).unless_eq(first, Some(vec![1, 2, 3]));
                }
            })
            .await;
        }
    });
}

#[test]
fn a_cancelled_next_loses_no_batch() {
    run(async {
        for (who, batches) in BOTH {
            // First undisturbed; what fails below is not due to two polls, and
            // not to a first batch that has to wait for others.
            let log = Log::new();
            let _ = timeout(secs(60), batches(15, 3, &log).next()).await;
            let answered = log.lines().iter().any(|line| line.starts_with("got "));
            let ahead = answered && fetched(&log) > 1;
            of_one(who, blame("generator-runs-ahead")).unless(!ahead);
            due(&mut mock_stream(who, batches(15, 3, &Log::new())), secs(1)).await;

            let log = Log::new();
            let mut stream = batches(15, 3, &log);
            let early = timeout(ms(300), stream.next()).await;
            plainly().because("not-pending", &[("who", &who)]).unless(early.is_err());
            let (batch, time) = timed(timeout(secs(60), stream.next())).await;
            // More than one request: for the same batch again, or for the next one?
            let asked = requests(&log);
            let again = asked.iter().skip(1).any(|request| *request == asked[0]);
            of_one(who, blame("subfuture-recreated")).unless(!again);
            of_one(who, blame("generator-runs-ahead")).unless(asked.len() <= 1);
            of_one(who, plainly()).unless_eq((batch, time), (Ok(Some(vec![1, 2, 3])), ms(700)));

            // Who asks next may be another task.
            let mut stream = batches(15, 3, &Log::new());
            let (wakes, waker) = counting_waker("the first task");
            let first = pin!(stream.next());
            let early = settled(&mut by_hand(first, (&wakes, &waker)), 10).await;
            let waits = early.is_some_and(|polled| polled.is_pending());
            plainly().because("not-pending", &[("who", &who)]).unless(waits);
            sleep(ms(300)).await;
            let before = wakes.wakes();
            let (batch, time) = timed(in_time(secs(60), stream.next())).await;
            let old = batch.is_none() && wakes.wakes() > before;
            blame("stale-waker").because("old-task-woken", &[("who", &who)]).unless(!old);
            of_one(who, plainly()).unless_eq((batch, time), (Some(Some(vec![1, 2, 3])), ms(700)));
        }
    });
}

#[test]
fn the_last_batch_may_be_short_and_there_may_be_none() {
    run(async {
        for (who, batches) in BOTH {
            for (total, size, wanted) in [
                (7, 3, vec![vec![1, 2, 3], vec![4, 5, 6], vec![7]]),
                (6, 3, vec![vec![1, 2, 3], vec![4, 5, 6]]),
                (2, 1, vec![vec![1], vec![2]]),
                (2, 5, vec![vec![1, 2]]),
                (7, usize::MAX, vec![vec![1, 2, 3, 4, 5, 6, 7]]),
                (0, 3, vec![]),
            ] {
                let log = Log::new();
                let all: Vec<Vec<u32>> = batches(total, size, &log).collect().await;
                let count = wanted.len();
                of_one(who, plainly()).unless_eq((all, fetched(&log)), (wanted, count));
            }
        }
    });
}

#[test]
fn the_generators_may_move_to_another_thread() {
    run(async {
        let log = Log::new();
        let mut unfold = pin!(batches_unfold(4, of(3), log.clone()));
        let mut with_macro = pin!(batches_macro(4, of(3), log.clone()));
        require_send(&unfold); // gate: non-send-across-await
        require_send(&with_macro); // gate: non-send-across-await
        let last = (unfold.next().await, with_macro.next().await);
        plainly().unless_eq(last, (Some(vec![1, 2, 3]), Some(vec![1, 2, 3])));
    });
}

#[test]
fn processing_takes_any_stream_and_stops_at_its_end() {
    run(async {
        let some = strict_stream("The stream", [vec![1, 2], vec![], vec![3]]);
        let seen = some.watch();
        let counts = process_in_batches(some).await; // gate: stream-must-be-pinned
        plainly().unless_eq((counts, seen.is_done()), ((3, 3), true));

        let none = strict_stream("The stream", Vec::<Vec<u32>>::new());
        let (counts, time) = timed(process_in_batches(none)).await;
        plainly().unless_eq((counts, time), ((0, 0), secs(0)));

        let nothing = futures::stream::iter(vec![vec![]; 8]);
        let (counts, time) = timed(process_in_batches(nothing)).await;
        plainly().unless_eq((counts, time), ((8, 0), secs(0)));

        // Who takes its time is not at its end.
        let late = futures::stream::once(sleep(secs(7_200)).map(|()| vec![1]));
        plainly().unless_eq(process_in_batches(late).await, (1, 1));

        // Half of the time is what it takes to work on two items at once.
        let eight = futures::stream::iter([vec![0; 8]]);
        let (counts, time) = timed(process_in_batches(eight)).await;
        blame("unbounded-fanout").unless(time.is_zero() || time > ms(400));
        plainly().unless_eq((counts, time), ((1, 8), ms(800)));
    });
}

#[test]
fn processing_asks_for_a_batch_only_when_it_is_done_with_the_one_before() {
    run(async {
        let asked = Log::new();
        let batches = || {
            let three = futures::stream::iter([vec![1, 2], vec![3, 4], vec![5, 6]]);
            three.inspect(|batch| asked.add(format!("{batch:?}"))) // gate: borrow-into-spawn
        };
        drop(process_in_batches(batches()));
        blame("eager-before-poll").unless_eq(asked.lines(), [""; 0]);
        let (counts, time) = timed(process_in_batches(batches())).await;
        let asked = asked.instants();
        // Two at one moment: to work on both, or to have the second one ready?
        let at_once = !time.is_zero() && asked.windows(2).any(|two| two[0] == two[1]);
        let check = match at_once {
            true if time < ms(600) => blame("unbounded-fanout"),
            true => blame("generator-runs-ahead"),
            false => plainly(),
        };
        check.unless_eq(asked, [0, 200, 400].map(ms));
        plainly().unless_eq((counts, time), ((3, 6), ms(600)));
    });
}

#[test]
fn a_dropped_processing_leaves_nothing_running() {
    run(async {
        sweep(async |cut| {
            let log = Log::new();
            let counts = cut.run(process_in_batches(batches_macro(5, of(3), log.clone()))).await;
            let lines = log.lines();
            sleep(ms(1)).await; // an aborted task needs a turn to go
            no_tasks_left("dropped-handle-detaches");
            sleep(secs(10)).await;
            blame("dropped-handle-detaches").unless_eq(log.lines(), lines);
            plainly().unless_eq(counts.unwrap_or((2, 5)), (2, 5));
        })
        .await;
    });
}
