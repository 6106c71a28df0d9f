//! The rest of the contract: what is dropped, what starves, and what begins anew.

use std::future::pending;
use std::task::Poll;
use std::time::Duration;

use exercise::deadline_loop::{Stop, Why, collect_until, first_of};
use kit::{
    Blame, Log, Mock, Tally, alive_tasks, blame, mock, ms, no_tasks_left, plainly, secs, settled,
    sweep,
};
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::visible::{
    Mirror, Step, Task, at_once, collected, ended, ends, every, first, first_is, futurelock, judge,
    mirror, no_thread_sleeps, on_one_line, watched,
};

/// A mirror that holds something as long as it lives, and says when it is polled.
fn holding(tally: &Tally, polled: &Log, time: Option<Duration>) -> Mirror {
    let (token, polled) = (tally.token(), polled.clone());
    Box::pin(async move {
        let _token = token;
        polled.add("polled");
        match time {
            Some(time) => sleep(time).await,
            None => pending().await,
        }
        "page"
    })
}

/// Three mirrors, of which the one in the middle is ready after `time`.
fn middle_wins(tally: &Tally, polled: &Log, time: Duration) -> Vec<Mirror> {
    [None, Some(time), None].map(|time| holding(tally, polled, time)).into()
}

#[test]
fn the_losers_are_gone_when_the_race_is_decided() {
    watched().run(async {
        // Decided in the first poll, or later.
        for time in [secs(0), secs(1)] {
            let mirrors = Tally::of("mirrors");
            let first = first(middle_wins(&mirrors, &Log::new(), time)).await;
            let (live, tasks) = (mirrors.live(), alive_tasks());
            plainly().unless_eq(first, Some((Some((1, "page")), time)));
            if live > 0 {
                // Time for the runtime to drop what was aborted, and for nothing else.
                sleep(ms(1)).await;
                if mirrors.live() == 0 && tasks > 0 {
                    blame("joinset-drop-unawaited")
                        .because("tasks-alive", &[("count", &tasks), ("expected", &0)])
                        .now();
                }
                mirrors.should_live(0, "loser-kept-alive");
            }
            plainly().unless_eq(live, 0);
        }
    });
}

#[test]
fn dropped_half_way_it_takes_the_mirrors_along() {
    watched().run(async {
        // The loop has no mirrors, but it may have a clock.
        sweep(async |cut| {
            let (items, mut rx) = mpsc::channel(4);
            let stop = Stop::default();
            plainly().unless(items.try_send(1_u64).is_ok());
            let task: Task<_> = Box::pin(collect_until(&mut rx, secs(1), secs(3), &stop));
            cut.run(task).await;
            sleep(ms(1)).await;
            no_tasks_left("dropped-handle-detaches");
        })
        .await;
        sweep(async |cut| {
            let (mirrors, polled) = (Tally::of("mirrors"), Log::new());
            let race: Task<_> = Box::pin(first_of(middle_wins(&mirrors, &polled, secs(1))));
            let first = cut.run(race).await;
            if let Some(first) = first {
                plainly().unless_eq(first, Some((1, "page")));
            }
            sleep(ms(1)).await;
            mirrors.should_live(0, "dropped-handle-detaches");
            no_tasks_left("dropped-handle-detaches");
            if cut.polls() == 0 {
                polled.should_be(&[], "eager-before-poll");
            }
        })
        .await;
    });
}

#[test]
fn mirrors_may_share_a_lock() {
    watched().run(async {
        let hours = |hours: u64| secs(3_600 * hours);
        match first(on_one_line()).await {
            Some(got) => judge(got, (1, "Rome"), hours(3) + secs(1), hours(8)).await,
            None => futurelock(),
        }
    });
}

#[test]
fn no_mirror_or_many() {
    watched().run(async {
        let Some((none, _)) = first(Vec::new()).await else {
            blame("pending-without-waker").because("deadline", &[("limit", &"12h")]).now()
        };
        plainly().unless_eq(none, None);
        for winner in [0, 1, 61, 131] {
            let mirrors = (0..132).map(|place| match place == winner {
                true => mirror("quick", secs(3_600)),
                false => mirror("slow", secs(7_200 + place as u64)),
            });
            let slowest = secs(7_200 + if winner == 131 { 130 } else { 131 });
            first_is(mirrors.collect(), (winner, "quick"), secs(3_600), slowest).await;
        }
    });
}

#[test]
fn the_total_time_begins_once_and_no_item_puts_it_off() {
    watched().run(async {
        ends(&every(300, 200), secs(1), secs(10), (Why::Total, secs(10))).await;
        ends(&every(900, 40), secs(1), secs(4), (Why::Total, secs(4))).await;
        ends(&every(1_700, 2), secs(4), secs(5), (Why::Total, secs(5))).await;
        ends(&[], secs(3), secs(2), (Why::Total, secs(2))).await;
    });
}

#[test]
fn every_item_begins_a_new_pause() {
    watched().run(async {
        let script = [700, 1_500, 2_300, 2_600, 3_500].map(|moment| (moment, Step::Item));
        ends(&script, secs(1), secs(60), (Why::Idle, ms(4_500))).await;
        ends(&[], secs(1), secs(60), (Why::Idle, secs(1))).await;
        // Two pauses, each of which is nearly too long.
        ends(&every(999, 2), secs(1), secs(60), (Why::Idle, ms(2_998))).await;
    });
}

type Collector<'a> = Mock<Task<'a, (Vec<u64>, Why)>>;

/// Nothing has happened that it waits for.
async fn goes_on(task: &mut Collector<'_>, check: Blame) {
    let waits = settled(task, 10).await == Some(Poll::Pending);
    if !waits {
        no_thread_sleeps().await;
    }
    check.because("not-pending", &[("who", &"collect_until")]).unless(waits);
}

#[test]
fn polls_for_nothing_do_not_change_its_clocks() {
    watched().run(async {
        for (idle, total, why) in [(secs(3), secs(60), Why::Idle), (secs(60), secs(3), Why::Total)]
        {
            let (items, mut rx) = mpsc::channel(4);
            let stop = Stop::default();
            let task: Task<_> = Box::pin(collect_until(&mut rx, idle, total, &stop));
            let mut task = mock("collect_until", task);
            // Time that goes by before the first poll does not count.
            sleep(secs(100)).await;
            goes_on(&mut task, blame("eager-before-poll")).await;
            for _ in 0..5 {
                sleep(ms(590)).await;
                goes_on(&mut task, plainly()).await;
            }
            sleep(ms(51)).await;
            let (woken, ended) = (task.is_woken(), settled(&mut task, 10).await);
            if ended == Some(Poll::Pending) {
                let short = |limit| if limit == secs(3) { secs(0) } else { limit };
                let has_clock = at_once(short(idle), short(total));
                let check = if has_clock { blame("subfuture-recreated") } else { plainly() };
                check.because("time-not-up", &[("who", &"collect_until"), ("limit", &"3s")]).now();
            }
            blame("pending-without-waker")
                .because("not-woken", &[("who", &"collect_until")])
                .unless(woken);
            plainly().unless_eq(ended, Some(Poll::Ready((Vec::new(), why))));
            drop(items);
        }
    });
}

#[test]
fn stop_comes_before_all_else() {
    watched().run(async {
        let burst = |moment| vec![(moment, Step::Item); 30];
        let stop = |moment| vec![(moment, Step::Stop)];
        let scripts = [
            // Full, and told to stop, before anybody asked.
            (0, [burst(0), stop(0)].concat()),
            (0, [stop(0), burst(0), burst(500)].concat()),
            // Both while it sleeps, at once.
            (1_000, [every(400, 2), stop(1_000), burst(1_000)].concat()),
            (1_000, [every(400, 2), burst(1_000), stop(1_000)].concat()),
            // Closed as well.
            (0, [vec![(0, Step::Close)], stop(0)].concat()),
            (0, [burst(0), vec![(0, Step::Close)], stop(0)].concat()),
            (1_000, [every(400, 2), vec![(1_000, Step::Close)], stop(1_000)].concat()),
        ];
        // Often: whoever tosses a coin is right now and then.
        for _ in 0..10 {
            for (at, script) in &scripts {
                ends(script, secs(1), secs(60), (Why::Stopped, ms(*at))).await;
            }
        }
        // And the time is up, at the moment when it is told to stop.
        for (idle, total) in [(secs(3), secs(60)), (secs(60), secs(3))] {
            let (items, mut rx) = mpsc::channel(4);
            let stop = Stop::default();
            let task: Task<_> = Box::pin(collect_until(&mut rx, idle, total, &stop));
            let mut task = mock("collect_until", task);
            goes_on(&mut task, plainly()).await;
            sleep(secs(3)).await;
            stop.cancel();
            let ended = settled(&mut task, 10).await;
            let check = match ended {
                Some(Poll::Ready((_, Why::Idle | Why::Total))) => blame("biased-starvation"),
                _ => plainly(),
            };
            check.unless_eq(ended, Some(Poll::Ready((Vec::new(), Why::Stopped))));
            drop(items);
        }
    });
}

#[test]
fn a_closed_queue_is_emptied_and_ends_at_once() {
    watched().run(async {
        ends(&[(0, Step::Close)], secs(1), secs(60), (Why::Closed, secs(0))).await;
        let script = [vec![(200, Step::Item); 100], vec![(200, Step::Close)]].concat();
        let got = collected(&script, secs(1), secs(60)).await;
        plainly().unless_eq((got.items.len(), got.why), (100, Why::Closed));
        plainly().unless_eq(got.time, ms(200));
    });
}

#[test]
fn it_sleeps_until_something_happens() {
    watched().run(async {
        no_thread_sleeps().await;
        let hours = |hours: u64| secs(3_600 * hours);
        let script = [vec![(3_600_000, Step::Item)], every(7_200_000, 1)].concat();
        ends(&script, hours(5), hours(20), (Why::Idle, hours(7))).await;
        let script = [script, vec![(21_600_000, Step::Stop)]].concat();
        ends(&script, hours(5), hours(20), (Why::Stopped, hours(6))).await;
    });
}

#[test]
fn the_next_call_finds_what_has_come_meanwhile() {
    watched().run(async {
        let (items, mut rx) = mpsc::channel(100);
        let stop = Stop::default();
        for (round, idle, total, why) in
            [(0, secs(1), secs(60), Why::Idle), (1, secs(60), secs(1), Why::Total)]
        {
            for item in 0..30_u64 {
                plainly()
                    .because("not-true", &[("what", &"the queue is still open")])
                    .unless(items.try_send(30 * round + item).is_ok());
            }
            let task = Box::pin(collect_until(&mut rx, idle, total, &stop));
            let got = ended("collect_until", None, task).await;
            let wanted: Vec<u64> = (30 * round..30 * (round + 1)).collect();
            plainly().unless_eq(got, Some(((wanted, why), secs(1))));
        }
        plainly().unless_eq(stop.is_cancelled(), false);
        stop.cancel();
        plainly().unless_eq(stop.is_cancelled(), true);
        let _ = items.try_send(60);
        let task = Box::pin(collect_until(&mut rx, secs(1), secs(1), &stop));
        let stopped = ended("collect_until", None, task).await;
        blame("biased-starvation").unless_eq(stopped, Some(((Vec::new(), Why::Stopped), secs(0))));
        // Not closed, and not emptied.
        plainly().unless_eq((items.try_send(61).is_ok(), rx.len()), (true, 2));
    });
}
