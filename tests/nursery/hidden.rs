//! The rest of the contract: three ways out, and nothing that stays behind on any.

use std::any::Any;
use std::collections::HashSet;
use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::task::Waker;

use exercise::nursery::{Nursery, nursery};
use futures::FutureExt;
use kit::{
    Log, Tally, blame, drops_quietly, elsewhere, got_up, in_time, ms, no_tasks_left, panic_words,
    plainly, poll_with, require_send, secs, stays_asleep, strict, sweep, timed, took,
};
use tokio::sync::oneshot;
use tokio::task;
use tokio::time::{sleep, timeout};

use crate::visible::watched;

#[test]
fn dropped_at_any_await_it_ends_the_children() {
    watched().run(async {
        // With an error there is one more thing to wait for: that the others go.
        for second in [Ok(1), Err(Wrong::Child)] {
            sweep(async |cut| {
                let alive = Tally::of("children");
                cut.run(nursery(async |nursery| {
                    for given in [Ok(3), second, Ok(2)] {
                        let time = given.unwrap_or(1);
                        spawn(nursery, &alive, time, given);
                        sleep(ms(100)).await;
                    }
                    Ok(())
                }))
                .await;
                sleep(ms(1)).await; // an aborted task needs a turn to go
                no_tasks_left("dropped-handle-detaches");
                alive.should_live(0, "dropped-handle-detaches");
            })
            .await;
        }
        // On a thread that is in no runtime.
        let mut all = Box::pin(nursery(async |nursery| {
            nursery.spawn(pending::<Result<(), ()>>());
            pending::<Result<(), ()>>().await
        }));
        plainly().unless(poll_with(all.as_mut(), Waker::noop()).is_pending());
        let quiet = elsewhere(move || drops_quietly(all)).join().unwrap_or_default();
        blame("async-work-in-drop").because("drop-panicked", &[]).unless(quiet);
        sleep(ms(1)).await;
        no_tasks_left("dropped-handle-detaches");
    });
}

#[test]
fn the_first_error_of_a_child_ends_everybody() {
    watched().run(async {
        let alive = Tally::of("children and bodies");
        let all = nursery(async |nursery| {
            let _alive = alive.token();
            let _last_words = LastWords(nursery, &alive);
            spawn_err(nursery, &alive, 20, Wrong::Late);
            // The moment it fails two more fail, before anybody can have ended them.
            let (calls_one, one) = oneshot::channel();
            let (calls_two, two) = oneshot::channel();
            nursery.spawn(async move {
                sleep(secs(10)).await;
                let _ = (calls_one.send(()), calls_two.send(()));
                Err(Wrong::Early)
            });
            nursery.spawn(async move {
                let _ = one.await;
                panic!("{FELL_DOWN}")
            });
            nursery.spawn(async move {
                let _ = two.await;
                Err(Wrong::Late)
            });
            spawn_crowd(nursery, &alive);
            sleep(secs(7_200)).await;
            Ok(())
        });
        let all = AssertUnwindSafe(all).catch_unwind().map(unless_it_fell_down);
        let given = ended_at(10, all).await;
        no_tasks_left("joinset-drop-unawaited");
        alive.should_live(0, "joinset-drop-unawaited");
        blame("result-order-mixup").unless_eq(given, Some(Err(Wrong::Early)));
    });
}

#[test]
fn an_error_of_a_child_is_heard_when_the_body_is_done() {
    watched().run(async {
        let alive = Tally::of("children");
        let all = nursery(async |nursery| {
            spawn_ok(nursery, &alive, 1);
            spawn_ok(nursery, &alive, 7_200);
            spawn_err(nursery, &alive, 10, Wrong::Child);
            Ok(())
        });
        let given = ended_at(10, all).await;
        no_tasks_left("joinset-drop-unawaited");
        plainly().unless_eq(given, Err(Wrong::Child));
    });
}

#[test]
fn an_error_of_the_body_ends_the_children() {
    watched().run(async {
        let alive = Tally::of("children");
        let all = nursery(async |nursery| {
            spawn_ok(nursery, &alive, 1);
            spawn_crowd(nursery, &alive);
            sleep(secs(10)).await;
            Err::<(), _>(Wrong::Body)
        });
        let given = ended_at(10, all).await;
        no_tasks_left("joinset-drop-unawaited");
        alive.should_live(0, "joinset-drop-unawaited");
        plainly().unless_eq(given, Err(Wrong::Body));
    });
}

#[test]
fn a_panic_of_a_child_comes_out_when_all_are_gone() {
    watched().run(async {
        let alive = Tally::of("children and bodies");
        let all = nursery(async |nursery| {
            let _alive = alive.token();
            spawn_panic(nursery, 10);
            spawn_crowd(nursery, &alive);
            sleep(secs(7_200)).await;
            Ok(())
        });
        panicked_at(10, "the child of 10 s fell down", all).await;
        alive.should_live(0, "joinset-drop-unawaited");
    });
}

#[test]
fn a_panic_of_a_child_is_heard_when_the_body_is_done() {
    watched().run(async {
        let alive = Tally::of("children");
        let all = nursery(async |nursery| {
            spawn_ok(nursery, &alive, 1);
            spawn_panic(nursery, 20);
            nursery.spawn(async {
                sleep(secs(10)).await;
                panic!("a child fell down")
            });
            spawn_crowd(nursery, &alive);
            Ok(())
        });
        panicked_at(10, "a child fell down", all).await;
        alive.should_live(0, "joinset-drop-unawaited");
    });
}

#[test]
fn a_panic_of_the_body_comes_out_when_all_are_gone() {
    watched().run(async {
        let alive = Tally::of("children");
        let all = nursery(async |nursery| {
            spawn_crowd(nursery, &alive);
            sleep(secs(10)).await;
            let live = alive.live();
            if live > 0 {
                panic!("the body of {live} fell down");
            }
            Ok(())
        });
        panicked_at(10, "the body of 500 fell down", all).await;
        alive.should_live(0, "joinset-drop-unawaited");
    });
}

#[test]
fn a_panic_may_come_before_the_body_is_a_future() {
    watched().run(async {
        let alive = Tally::of("children");
        let all = nursery(|nursery: &Nursery<u64, Wrong>| {
            spawn_ok(nursery, &alive, 7_200);
            if alive.made() > 0 {
                panic!("the body fell down");
            }
            ready(Ok(()))
        });
        panicked_at(0, "the body fell down", all).await;
        alive.should_live(0, "joinset-drop-unawaited");
    });
}

#[test]
fn children_are_tasks() {
    watched().run(async {
        let log = Log::new();
        let mut all = Box::pin(nursery(async |nursery| {
            for time in [10, 20, 40] {
                let log = log.clone();
                nursery.spawn(async move {
                    sleep(secs(time)).await;
                    log.add("child");
                    Ok::<_, ()>(task::id())
                });
            }
            sleep(secs(1)).await;
            Ok(())
        }));
        plainly().unless(poll_with(all.as_mut(), Waker::noop()).is_pending());
        // Whoever has the nursery is busy with something else.
        sleep(secs(30)).await;
        blame("inner-futures-starve").unless_eq(log.instants(), [secs(10), secs(20)]);
        // And goes on from another place.
        let Some(given) = in_time(secs(3_600), all).await else {
            blame("stale-waker").because("old-task-woken", &[("who", &"nursery")]).now()
        };
        let ids = given.map(|((), ids)| HashSet::<task::Id>::from_iter(ids).len());
        plainly().unless_eq(ids, Ok(3));
    });
}

#[test]
fn the_body_may_be_alone_and_the_children_too() {
    watched().run(async {
        let alive = Tally::of("children");
        let none = nursery(async |_: &Nursery<(), ()>| Ok("alone"));
        plainly().unless_eq(none.await, Ok(("alone", vec![])));
        let (two, time) = timed(nursery(async |nursery| {
            spawn_ok(nursery, &alive, 2);
            spawn_ok(nursery, &alive, 1);
            Ok(())
        }))
        .await;
        plainly().unless_eq(two, Ok(((), vec![2, 1])));
        took(time).should_be(secs(2));
        // All at once, and nobody has had a turn in between.
        let many = nursery(async |nursery| {
            (0..1_000).for_each(|_| spawn_ok(nursery, &alive, 1));
            Ok(())
        });
        let given = many.await.map(|((), times)| times.len());
        plainly().unless_eq(given, Ok(1_000));
        let failed = nursery(async |_: &Nursery<(), _>| Err::<(), _>(Wrong::Body));
        plainly().unless_eq(failed.await, Err(Wrong::Body));
    });
}

#[test]
fn a_body_that_is_done_is_not_polled_again() {
    watched().run(async {
        let alive = Tally::of("children");
        let all = nursery(|nursery: &Nursery<u64, Wrong>| {
            spawn_ok(nursery, &alive, 1);
            spawn_ok(nursery, &alive, 2);
            strict("body", Ok("done")).pending(3)
        });
        let ended = AssertUnwindSafe(all).catch_unwind().await;
        let given = ended.unwrap_or_else(|panic| {
            // What a block around the body says.
            let words = panic_words(&*panic).unwrap_or_default();
            blame("repoll-after-ready")
                .because("polled-after-ready", &[("who", &"body")])
                .unless(!words.contains("resumed after completion"));
            resume_unwind(panic)
        });
        plainly().unless_eq(given, Ok(("done", vec![1, 2])));
    });
}

#[test]
fn a_body_without_children_may_take_its_time() {
    watched().run(async {
        let alive = Tally::of("children");
        let all = nursery(async |nursery| {
            spawn_ok(nursery, &alive, 1);
            sleep(secs(10)).await;
            // That child is gone, and nobody is there to wait for but the body.
            stays_asleep().await;
            spawn_ok(nursery, &alive, 2);
            blame("busy-wake").unless(got_up(secs(1)).await < 50);
            Ok(())
        });
        plainly().unless_eq(all.await, Ok(((), vec![1, 2])));
    });
}

#[test]
fn nurseries_stand_in_tasks_and_in_each_other() {
    watched().run(async {
        let alive = Tally::of("children");
        let inner = |time, fails| {
            let alive = alive.clone();
            async move {
                let all = nursery(async |nursery| {
                    spawn_ok(nursery, &alive, time);
                    sleep(secs(1)).await;
                    if fails { Err(Wrong::Body) } else { Ok(()) }
                });
                require_send(&all); // gate: non-send-across-await
                all.await.map(|((), times)| times[0])
            }
        };
        let outer = nursery(async |nursery| {
            nursery.spawn(inner(2, false));
            nursery.spawn(inner(1, false));
            Ok(())
        });
        plainly().unless_eq(outer.await, Ok(((), vec![2, 1])));
        let outer = nursery(async |nursery| {
            nursery.spawn(inner(7_200, false));
            nursery.spawn(inner(7_200, true));
            Ok(())
        });
        plainly().unless_eq(ended_at(1, outer).await, Err(Wrong::Body));
        sleep(ms(1)).await; // a nursery that is dropped can only ask its children to go
        no_tasks_left("dropped-handle-detaches");
        alive.should_live(0, "dropped-handle-detaches");
    });
}

/// What may go wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wrong {
    Early,
    Late,
    Child,
    Body,
}

/// A part of the body that begins a child when it is dropped.
struct LastWords<'a>(&'a Nursery<u64, Wrong>, &'a Tally);

impl Drop for LastWords<'_> {
    fn drop(&mut self) {
        spawn_ok(self.0, self.1, 7_200);
    }
}

/// A child that gives its time back after so many seconds.
fn spawn_ok(nursery: &Nursery<u64, Wrong>, alive: &Tally, time: u64) {
    spawn(nursery, alive, time, Ok(time));
}

/// Children that go on for two hours, and so many that the runtime turns to others before
/// the last of them has gone.
fn spawn_crowd(nursery: &Nursery<u64, Wrong>, alive: &Tally) {
    (0..500).for_each(|_| spawn_ok(nursery, alive, 7_200));
}

/// A child that panics after so many seconds.
fn spawn_panic(nursery: &Nursery<u64, Wrong>, time: u64) {
    nursery.spawn(async move {
        sleep(secs(time)).await;
        panic!("the child of {time} s fell down")
    });
}

/// A child that fails after so many seconds.
fn spawn_err(nursery: &Nursery<u64, Wrong>, alive: &Tally, time: u64, error: Wrong) {
    spawn(nursery, alive, time, Err(error));
}

fn spawn(nursery: &Nursery<u64, Wrong>, alive: &Tally, time: u64, given: Result<u64, Wrong>) {
    let alive = alive.token();
    nursery.spawn(async move {
        let _alive = alive;
        sleep(secs(time)).await;
        given
    });
}

/// What it gives after so many seconds. By then others would go on for two hours, and one
/// who waits for them hears of the error too late.
async fn ended_at<T>(time: u64, all: impl Future<Output = T>) -> T {
    let Ok((given, took)) = timeout(secs(3_600), timed(all)).await else {
        blame("join-then-question-mark").now()
    };
    blame("join-then-question-mark").unless(took <= secs(time));
    plainly().unless_eq(took, secs(time));
    given
}

const FELL_DOWN: &str = "a child fell down when another one had failed";

/// None if it was that child's panic that came out. Any other goes on.
fn unless_it_fell_down<T>(ended: Result<T, Box<dyn Any + Send>>) -> Option<T> {
    match ended {
        Ok(given) => Some(given),
        Err(panic) if panic_words(&*panic) == Some(FELL_DOWN) => None,
        Err(panic) => resume_unwind(panic),
    }
}

/// It ends with this panic after so many seconds, and no task is left at that moment.
async fn panicked_at<T>(time: u64, words: &str, all: impl Future<Output = T>) {
    let Ok((ended, was)) = timeout(secs(3_600), timed(AssertUnwindSafe(all).catch_unwind())).await
    else {
        blame("swallowed-join-error").now()
    };
    let Err(panic) = ended else { blame("swallowed-join-error").now() };
    no_tasks_left("joinset-drop-unawaited");
    let found = panic_words(&*panic).unwrap_or_default();
    if found.starts_with("not yet implemented") {
        resume_unwind(panic);
    }
    blame("swallowed-join-error")
        .because("panicked", &[("who", &"nursery"), ("message", &found)])
        .unless(found == words);
    took(was).should_be(secs(time));
}
