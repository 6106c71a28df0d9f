//! What every learner sees: tasks take turns, and handles tell how they ended.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;

use exercise::ready_queue::{Handle, Loop};
use kit::{Lab, Log, awake, blame, lab, panic_words, plainly, strict};

/// For tests in which the loop has always something to do.
pub fn watched() -> Lab {
    lab().stuck_means("wake-lost-before-park").alone()
}

pub type Local<T> = Pin<Box<dyn Future<Output = T>>>;

/// Boxed, so that the loop is compiled once for each kind of output.
pub fn task<T: 'static>(on: &Loop, future: impl Future<Output = T> + 'static) -> Handle<T> {
    let future: Local<T> = Box::pin(future);
    on.spawn(future)
}

/// The same, by a task that is being polled.
fn task_in_poll<T: 'static>(on: &Loop, future: impl Future<Output = T> + 'static) -> Handle<T> {
    let spawned = catch_unwind(AssertUnwindSafe(|| task(on, future)));
    spawned.unwrap_or_else(|panic| {
        let words = panic_words(&*panic).unwrap_or_default();
        let who = "While a task is being polled and spawns another one, `spawn`";
        plainly()
            .because("panicked", &[("who", &who), ("message", &words)])
            // As a `RefCell` says it.
            .unless(!words.contains("borrowed"));
        resume_unwind(panic)
    })
}

/// Runs `main`. The loop does not sleep meanwhile: who waits in vain is told so.
pub fn drive(on: &Loop, main: impl Future<Output = ()> + 'static) {
    let (first, main) = awake(main);
    let _first = on.spawn(first);
    on.block_on(main);
}

/// Lets others have their turn.
pub async fn turn() {
    strict("turn", ()).pending(1).await;
}

#[test]
fn tasks_take_turns() {
    watched().run_sync(|| {
        let (on, log) = (Loop::new(), Log::new());
        let cook = |dish: &'static str| {
            let log = log.clone();
            task(&on, async move {
                for step in ["cut", "boil", "serve"] {
                    log.add(format!("{step} {dish}"));
                    turn().await;
                }
                dish
            })
        };
        let (tea, soup) = (cook("tea"), cook("soup"));
        blame("eager-before-poll").because("spawn-polled", &[]).unless(log.lines().is_empty());
        drive(&on, async move {
            plainly().unless_eq((soup.await, tea.await), (Ok("soup"), Ok("tea")));
        });
        let in_turns = ["cut tea", "cut soup", "boil tea", "boil soup", "serve tea", "serve soup"];
        plainly().unless_eq(log.lines(), in_turns);
    });
}

#[test]
fn main_gives_its_value_and_handles_those_of_their_tasks() {
    watched().run_sync(|| {
        let on = Loop::new();
        plainly().unless_eq(on.block_on(strict("main", 7).pending(3)), 7);
        let early = task(&on, strict("early task", 1));
        let same = on.clone();
        drive(&on, async move {
            let late = task_in_poll(&same, strict("late task", 2).pending(3));
            plainly().unless_eq(late.await, Ok(2));
            // Over for long when it is asked.
            plainly().unless_eq(early.await, Ok(1));
        });
        plainly().unless_eq(on.alive(), 0);
    });
}
