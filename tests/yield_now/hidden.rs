//! The rest of the contract: whom it wakes, how often, and that each future
//! keeps its own memory.

use std::pin::Pin;
use std::task::{Poll, Waker};
use std::thread;

use exercise::yield_now::yield_now;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use kit::{
    Log, WakeCount, blame, counting_waker, falls_asleep, lab, mock, ms, poll_with, run_sync,
};

/// Fails unless the task was woken exactly this often by now.
#[track_caller]
fn woken(count: &WakeCount, expected: usize) {
    let pitfall = if count.wakes() < expected { "pending-without-waker" } else { "busy-wake" };
    blame(pitfall)
        .because(
            "wrong-wakes",
            &[("who", &"task"), ("got", &count.wakes()), ("expected", &expected)],
        )
        .unless(count.wakes() == expected);
}

/// Polls once; the future should be `Pending` the first time and `Ready` the second.
#[track_caller]
fn expect(future: Pin<&mut impl Future<Output = ()>>, waker: &Waker, wanted: Poll<()>) {
    let (pitfall, key) = match wanted {
        Poll::Pending => ("never-yields", "not-pending"),
        Poll::Ready(()) => ("busy-wake", "not-ready"),
    };
    let got = poll_with(future, waker);
    blame(pitfall).because(key, &[("who", &"yield_now")]).unless(got == wanted);
}

#[test]
fn it_wakes_the_task_that_polls_it_exactly_once() {
    run_sync(|| {
        let (wakes, waker) = counting_waker("task");
        let mut future = Box::pin(yield_now());
        expect(future.as_mut(), &waker, Poll::Pending);
        woken(&wakes, 1);
        expect(future.as_mut(), &waker, Poll::Ready(()));
        woken(&wakes, 1);
        drop(future);
        woken(&wakes, 1);
        // Whoever drops it half-way does not want to go on.
        let (cancelled, its_waker) = counting_waker("cancelled");
        let mut future = Box::pin(yield_now());
        expect(future.as_mut(), &its_waker, Poll::Pending);
        drop(future);
        // Nor does anybody wake them later: whoever still has a waker might.
        for count in [&wakes, &cancelled] {
            for _ in 0..PATIENT_LOOKS {
                if count.wakers() == 1 || count.wakes() > 1 {
                    break;
                }
                thread::sleep(ms(10));
            }
            woken(count, 1);
        }
    });
}

/// Of ten milliseconds each. A right answer needs none of them.
const PATIENT_LOOKS: usize = 500;

#[test]
fn it_waits_for_nothing() {
    run_sync(|| {
        let mut futures: Vec<_> = (0..6).map(|_| Box::pin(yield_now())).collect();
        for wanted in [Poll::Pending, Poll::Ready(())] {
            let asleep = futures.iter_mut().filter_map(|future| {
                falls_asleep(|| expect(future.as_mut(), Waker::noop(), wanted)).then_some(())
            });
            let asleep = asleep.count();
            blame("blocking-sleep")
                .because("poll-waited", &[("who", &"yield_now"), ("count", &asleep)])
                .unless(asleep < 6);
        }
    });
}

#[test]
fn it_may_go_on_in_another_task() {
    run_sync(|| {
        let (first, first_waker) = counting_waker("first task");
        let (second, second_waker) = counting_waker("second task");
        let mut future = Box::pin(yield_now());
        expect(future.as_mut(), &first_waker, Poll::Pending);
        woken(&first, 1);
        // Boxed and pinned, it may travel; its second poll is its last all the same.
        expect(future.as_mut(), &second_waker, Poll::Ready(()));
        // Nobody waits any more: neither the one that goes on nor the one that began.
        woken(&first, 1);
        woken(&second, 0);
        drop(future);
        woken(&first, 1);
        woken(&second, 0);
    });
}

#[test]
fn a_thousand_yields_are_a_thousand_turns() {
    run_sync(|| {
        let mut task = mock("loop", async {
            for _ in 0..1_000 {
                yield_now().await;
            }
        });
        for _ in 0..1_000 {
            task.expect_pending("never-yields");
            task.expect_woken("pending-without-waker");
        }
        task.expect_ready("busy-wake");
    });
}

#[test]
fn each_future_remembers_for_itself() {
    run_sync(|| {
        let mut tea = mock("tea", yield_now());
        let mut soup = mock("soup", yield_now());
        tea.expect_pending("never-yields");
        soup.expect_pending("never-yields");
        soup.expect_woken("pending-without-waker");
        tea.expect_ready("busy-wake");
        soup.expect_ready("busy-wake");

        // Dropped half-way, it leaves nothing behind for the next one.
        let mut cold = mock("cold", yield_now());
        cold.expect_pending("never-yields");
        drop(cold);
        let mut fresh = mock("fresh", yield_now());
        fresh.expect_pending("never-yields");
        fresh.expect_woken("pending-without-waker");
        fresh.expect_ready("busy-wake");
    });
}

#[test]
fn tasks_with_wakers_of_their_own_take_turns() {
    lab().hang_means("pending-without-waker").run(async {
        let log = Log::new();
        // Unlike `join`, this polls only those of its futures that were woken.
        let tasks: FuturesUnordered<_> = (0..3)
            .map(|_| async {
                for round in 1..=3 {
                    log.add(format!("round {round}"));
                    yield_now().await;
                }
            })
            .collect();
        tasks.collect::<Vec<()>>().await;
        let rounds: Vec<String> = (0..9).map(|n| format!("round {}", n / 3 + 1)).collect();
        let rounds: Vec<&str> = rounds.iter().map(String::as_str).collect();
        log.should_be(&rounds, "never-yields");
    });
}
