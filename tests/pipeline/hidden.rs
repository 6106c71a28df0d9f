//! The rest of the contract: how many at once, how far ahead, what a panic costs, and
//! how a stage ends, from either side.

use kit::{alive_tasks, blame, ms, plainly, secs, stays_asleep};
use tokio::time::sleep;

use crate::visible::{Stage, WHO, left_alone, numbers, watched, works};

#[test]
fn nobody_reads_whatever_cap_and_workers_are() {
    watched().run(async {
        for (cap, workers) in [(1, 1), (4, 2), (2, 6), (1, 3)] {
            left_alone(cap, workers).await;
        }
    });
}

#[test]
fn as_many_are_worked_on_as_there_are_workers() {
    watched().run(async {
        for (cap, workers) in [(5, 5), (1, 5), (2, 3), (8, 1)] {
            let mut stage = Stage::new(cap, workers);
            stage.given(&vec![1_000; 3 * workers]);
            let results = stage.drained().await;
            stage.at_once().await;
            let moments: Vec<u64> = results.iter().map(|(moment, _)| *moment).collect();
            let mut wanted = [1_000, 2_000, 3_000].repeat(workers);
            wanted.sort_unstable();
            plainly().unless_eq(moments, wanted);
        }
    });
}

#[test]
fn workers_that_wait_hear_of_each_item() {
    watched().run(async {
        let mut stage = Stage::new(1, 4);
        // All of them wait; all of them have something to do; all of them wait.
        for _ in 0..2 {
            sleep(secs(10)).await;
            stage.given(&[1_000; 4]);
            sleep(ms(1)).await;
            stage.at_once().await;
            for _ in 0..4 {
                let come = stage.next().await.is_some();
                plainly()
                    .because("nothing-came", &[("who", &WHO), ("time", &"1 min")])
                    .unless(come);
            }
        }
        // One at a time, each while the one before it is being worked on.
        let mut results = Vec::new();
        for _ in 0..3 {
            stage.given(&[350]);
            sleep(ms(100)).await;
        }
        results.extend(stage.drained().await);
        plainly().unless_eq(results, [(22_350, 9), (22_450, 10), (22_550, 11)]);
    });
}

#[test]
fn a_stage_that_waits_sleeps() {
    watched().run(async {
        // For items, and for somebody who reads.
        for given in [0, 20] {
            let mut stage = Stage::new(2, 2);
            stage.given(&vec![1_000; given]);
            sleep(secs(60)).await;
            stays_asleep().await;
            drop(stage);
            sleep(ms(1)).await;
        }
        let mut stage = Stage::new(2, 2);
        stage.given(&[1_000; 4]);
        plainly().unless_eq(stage.drained().await.len(), 4);
    });
}

#[test]
fn a_reader_that_is_slow_gets_them_all() {
    watched().run(async {
        for (cap, workers) in [(1, 1), (2, 4), (7, 3)] {
            let mut stage = Stage::new(cap, workers);
            stage.given(&[40, 10, 70, 20, 5, 5, 90, 30].repeat(5));
            let mut results = Vec::new();
            for pause in [0, 300, 0, 0, 50, 1_000, 0, 20] {
                results.extend(stage.next().await);
                sleep(ms(pause)).await;
            }
            results.extend(stage.drained().await);
            let mut numbers = numbers(&results);
            if workers > 1 {
                numbers.sort_unstable();
            }
            plainly().unless_eq(numbers, (1..=40).collect::<Vec<_>>());
        }
    });
}

#[test]
fn without_items_there_is_an_end_at_once() {
    watched().run(async {
        for workers in [1, 3] {
            let mut stage = Stage::new(2, workers);
            plainly().unless_eq(stage.drained().await, []);
        }
    });
}

#[test]
fn a_panic_costs_its_own_item() {
    watched().run(async {
        works().await;
        for workers in [1, 3] {
            let mut stage = Stage::new(2, workers);
            stage.given(&[10]);
            stage.given_broken(&[20, 20, 20, 20]);
            stage.given(&[1_000; 6]);
            let results = stage.drained().await;
            let mut numbers = numbers(&results);
            numbers.sort_unstable();
            plainly().unless_eq(numbers, [1, 6, 7, 8, 9, 10, 11]);
            // Nobody is missing afterwards.
            stage.at_once().await;
            let ended = results.last().map(|(moment, _)| *moment);
            let wanted = if workers == 1 { 6_090 } else { 2_040 };
            blame("one-failure-kills-all").unless_eq(ended, Some(wanted));
        }
        let mut stage = Stage::new(2, 2);
        stage.given_broken(&[10, 20, 30]);
        plainly().unless_eq(stage.drained().await, []);
        // The others are being worked on, and one more worker knows that no more come.
        let mut stage = Stage::new(2, 4);
        stage.given(&[1_000]);
        stage.given_broken(&[20]);
        stage.given(&[1_000]);
        let mut numbers = numbers(&stage.drained().await);
        numbers.sort_unstable();
        plainly().unless_eq(numbers, [1, 3]);
    });
}

#[test]
fn whenever_its_receiver_is_dropped_a_stage_goes_at_once() {
    watched().run(async {
        // While it waits for an item, and before its first turn.
        for pause in [1_000, 0] {
            let stage = Stage::new(2, 2);
            sleep(ms(pause)).await;
            dropped(stage).await;
        }
        // In the middle of the work, while there is no room, before its first turn. In
        // this order: the first shows best who hears of it and who does not.
        for pause in [500, 60_000, 0] {
            let mut stage = Stage::new(2, 2);
            stage.given(&[1_000; 20]);
            sleep(ms(pause)).await;
            dropped(stage).await;
        }
        // There is something to read, and some of the workers wait for more.
        let mut stage = Stage::new(2, 3);
        stage.given(&[1_000, 10_000]);
        sleep(ms(2_000)).await;
        dropped(stage).await;
        // The work has panicked before, in all of them.
        for given in [0, 20] {
            let mut stage = Stage::new(2, 2);
            stage.given_broken(&[10, 20]);
            stage.given(&vec![1_000; given]);
            sleep(ms(500)).await;
            dropped(stage).await;
        }
        // No more items come, and the last ones are being worked on. Where there is one
        // worker more than items, somebody has heard of the end.
        for workers in [2, 3] {
            let mut stage = Stage::new(2, workers);
            stage.given(&[1_000, 10_000]);
            stage.items = None;
            sleep(ms(500)).await;
            dropped(stage).await;
        }
    });
}

#[test]
fn the_end_goes_down_all_stages() {
    watched().run(async {
        let mut first = Stage::new(1, 2);
        first.given(&[100; 6]);
        let second = first.into_next(2, 1, |_| {});
        let mut third = second.into_next(1, 3, |_| {});
        let results = third.drained().await;
        plainly().unless_eq(results.len(), 6);
        plainly().unless_eq(results.last().map(|(moment, _)| *moment), Some(800));
    });
}

#[test]
fn a_dropped_receiver_is_heard_by_all_stages() {
    watched().run(async {
        for given in [0, 50] {
            let mut first = Stage::new(1, 2);
            first.given(&vec![1_000; given]);
            let items = first.items.clone();
            let mut third = first.into_next(2, 1, |_| {}).into_next(1, 3, |_| {});
            sleep(ms(20_500)).await;
            third.items = items;
            dropped(third).await;
        }
    });
}

/// Drops the receiver. The tasks go, and whoever may still fill the input hears of it.
async fn dropped(stage: Stage) {
    let (before, given) = (alive_tasks(), stage.given);
    drop(stage.results);
    sleep(ms(1)).await;
    let left = alive_tasks();
    // Some have heard of it: what is left they have left behind.
    let id = if left < before { "dropped-handle-detaches" } else { "zombie-producer" };
    let facts: [(&str, &dyn std::fmt::Display); 3] =
        [("given", &given), ("before", &before), ("count", &left)];
    blame(id).because("stage-stays", &facts).unless(left == 0);
    if let Some(items) = stage.items {
        blame("zombie-producer").because("input-open", &[]).unless(items.is_closed());
    }
}
