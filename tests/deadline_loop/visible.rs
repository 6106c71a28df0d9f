//! What every learner sees: the quickest mirror, and each reason to end.

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use exercise::deadline_loop::{Stop, Why, collect_until, first_of};
use futures::future::BoxFuture;
use kit::{
    Blame, Lab, blame, lab, mock, ms, no_tasks_left, note, plainly, secs, span, took, until_ended,
};
use tokio::sync::{Mutex, mpsc};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, sleep_until};

#[test]
fn the_quickest_mirror_wins() {
    watched().run(async {
        let mirrors =
            vec![mirror("Oslo", secs(3)), mirror("Rome", secs(1)), mirror("Cairo", secs(4))];
        first_is(mirrors, (1, "Rome"), secs(1), secs(4)).await;
    });
}

#[test]
fn it_says_why_it_ended() {
    watched().run(async {
        let script = [every(400, 3), vec![(1_500, Step::Close)]].concat();
        ends(&script, secs(1), secs(60), (Why::Closed, ms(1_500))).await;
        // Nothing comes any more.
        ends(&every(400, 3), secs(1), secs(60), (Why::Idle, ms(2_200))).await;
        // They come faster than the pause allows, and would for a long time yet.
        ends(&every(400, 40), secs(1), secs(3), (Why::Total, secs(3))).await;
        let script = [every(400, 3), vec![(1_500, Step::Stop)]].concat();
        ends(&script, secs(1), secs(60), (Why::Stopped, ms(1_500))).await;
    });
}

/// All tests: a poll that goes round and round never comes back.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake")
}

/// A right answer is polled a few times for each thing that happens.
const POLLS: usize = 3_000;

/// A future of the answer, boxed, so that little is compiled anew for each.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What it gives, and when; None if it waits for ever. From `closed` on it has a queue
/// that is ready every time.
pub async fn ended<T>(
    who: &str,
    closed: Option<Duration>,
    mut task: Task<'_, T>,
) -> Option<(T, Duration)> {
    let _span = span(who);
    let spins = |time| {
        let is_closed = closed.is_some_and(|closed| time >= closed);
        if is_closed { "completed-future-in-select-loop" } else { "busy-wake" }
    };
    until_ended(who, POLLS, spins, |cx| task.as_mut().poll(cx)).await
}

// --- first_of

pub type Mirror = BoxFuture<'static, &'static str>;

/// A mirror that takes its time.
pub fn mirror(name: &'static str, time: Duration) -> Mirror {
    Box::pin(async move {
        let _span = span(name);
        sleep(time).await;
        name
    })
}

/// Two mirrors with one line between them. Oslo is on it for three hours, and then
/// busy elsewhere. Rome wants it a little later, for a second.
pub fn on_one_line() -> Vec<Mirror> {
    let line = Arc::new(Mutex::new(()));
    let hours = |hours: u64| secs(hours * 3_600);
    [("Oslo", secs(0), hours(3), hours(5)), ("Rome", secs(1), secs(1), secs(0))]
        .map(|(name, before, on_line, afterwards)| {
            let line = line.clone();
            let mirror: Mirror = Box::pin(async move {
                let _span = span(name);
                sleep(before).await;
                let turn = line.lock().await;
                sleep(on_line).await;
                drop(turn);
                sleep(afterwards).await;
                name
            });
            mirror
        })
        .into()
}

/// Oslo holds the line, Rome waits for it, and Oslo is not polled.
pub fn futurelock() -> ! {
    blame("futurelock").because("lock-kept-unpolled", &[("who", &"Oslo"), ("other", &"Rome")]).now()
}

/// Who is first, and when.
pub async fn first(mirrors: Vec<Mirror>) -> Option<(First, Duration)> {
    ended("first_of", None, Box::pin(first_of(mirrors))).await
}

pub type First = Option<(usize, &'static str)>;

/// Checks who is first, and when. `slowest` is the time of the slowest mirror.
pub async fn first_is(
    mirrors: Vec<Mirror>,
    winner: (usize, &'static str),
    time: Duration,
    slowest: Duration,
) {
    match first(mirrors).await {
        Some(got) => judge(got, winner, time, slowest).await,
        None => {
            blame("pending-without-waker").because("deadline", &[("limit", &"12h")]).now();
        }
    }
}

/// Checks who was first, and when.
pub async fn judge(
    (first_one, took_time): (First, Duration),
    winner: (usize, &'static str),
    time: Duration,
    slowest: Duration,
) {
    if took_time > time {
        let slower = match took_time == slowest {
            // At once, and all of them to their end.
            true => "loser-kept-alive",
            // One after the other. Is the one before still kept?
            false => match first(on_one_line()).await {
                Some(_) => "sequential-awaits",
                None => futurelock(),
            },
        };
        took(took_time).slower_means(slower).should_be(time);
    }
    if first_one.is_some_and(|(place, name)| name == winner.1 && place != winner.0) {
        blame("result-order-mixup").unless_eq(first_one, Some(winner));
    }
    plainly().unless_eq(first_one, Some(winner));
    took(took_time).should_be(time);
}

// --- collect_until

/// What happens to the queue.
#[derive(Clone, Copy, PartialEq)]
pub enum Step {
    /// An item comes, called by its moment.
    Item,
    /// `stop` is cancelled.
    Stop,
    /// The last sender goes.
    Close,
}

/// What happens when, in milliseconds.
pub type Script = Vec<(u64, Step)>;

/// So many items, so many milliseconds apart.
pub fn every(apart: u64, items: u64) -> Script {
    (1..=items).map(|n| (n * apart, Step::Item)).collect()
}

/// Lets it happen. What has the same moment happens at once, without a gap.
async fn play(script: Script, items: mpsc::Sender<u64>, stop: Stop) {
    let begun = Instant::now();
    let mut items = Some(items);
    for (moment, step) in script {
        sleep_until(begun + ms(moment)).await;
        match step {
            Step::Item => note("an item"),
            Step::Stop => note("stop"),
            Step::Close => note("closed"),
        }
        match step {
            Step::Item => plainly().unless(items.iter().all(|to| to.try_send(moment).is_ok())),
            Step::Stop => stop.cancel(),
            Step::Close => items = None,
        }
    }
    pending().await
}

/// What was taken, why it ended, when, and how many items were left in the queue.
#[derive(Debug)]
pub struct Ended {
    pub items: Vec<u64>,
    pub why: Why,
    pub time: Duration,
    pub left: usize,
}

/// Collects what comes by this script.
pub async fn collected(script: &[(u64, Step)], idle: Duration, total: Duration) -> Ended {
    let (items, mut rx) = mpsc::channel(1_000);
    let stop = Stop::default();
    // In a task of its own: it wakes nobody but itself.
    let player = tokio::spawn(play(script.to_vec(), items, stop.clone()));
    let closed = script.iter().find(|(_, step)| *step == Step::Close);
    let closed = closed.map(|(moment, _)| ms(*moment));
    // What happens at the moment 0 has happened when the collector is asked.
    yield_now().await;
    let task = Box::pin(collect_until(&mut rx, idle, total, &stop));
    let Some(((items, why), time)) = ended("collect_until", closed, task).await else {
        let has_clocks = at_once(Duration::ZERO, Duration::ZERO);
        let pitfall = if has_clocks { "subfuture-recreated" } else { "pending-without-waker" };
        blame(pitfall).because("deadline", &[("limit", &"12h")]).now()
    };
    player.abort();
    // Time for the runtime to drop what was aborted, and for nothing else.
    sleep(ms(1)).await;
    no_tasks_left("dropped-handle-detaches");
    Ended { items, why, time, left: rx.len() }
}

/// Does it end at once if these are its limits? A time that is up needs no wake: so
/// is there any clock at all?
pub fn at_once(idle: Duration, total: Duration) -> bool {
    let (_items, mut rx) = mpsc::channel(1);
    let stop = Stop::default();
    let task: Task<(Vec<u64>, Why)> = Box::pin(collect_until(&mut rx, idle, total, &stop));
    let mut task = mock("collect_until", task);
    (0..10).any(|_| task.poll().is_ready())
}

/// Fails if it waits by putting the thread to sleep.
pub async fn no_thread_sleeps() {
    let (_items, mut rx) = mpsc::channel(1);
    let (limit, stop) = (ms(100), Stop::default());
    let task: Task<(Vec<u64>, Why)> = Box::pin(collect_until(&mut rx, limit, limit, &stop));
    if let Some((_, time)) = ended("collect_until", None, task).await
        && time.is_zero()
    {
        took(time).should_be(limit);
    }
}

/// Why the total time did not end it, although items came all the time.
fn why_endless() -> Blame {
    let long = secs(3_600);
    if !at_once(long, Duration::ZERO) {
        return plainly(); // it does not know of it
    }
    let (items, mut rx) = mpsc::channel(4);
    let stop = Stop::default();
    let task: Task<_> = Box::pin(collect_until(&mut rx, long, ms(1), &stop));
    let mut task = mock("collect_until", task);
    // Some real time goes by, and no virtual time at all. Whoever measures the one
    // where the other is meant says that the time is up.
    let _ = task.poll();
    std::thread::sleep(ms(20));
    let _ = items.try_send(1);
    match task.poll().is_ready() {
        true => blame("std-instant-under-virtual-clock"),
        false => blame("timer-recreated-in-loop"),
    }
}

/// Checks what is taken by this script, why it ends, and when. What comes before
/// that is to be taken.
pub async fn ends(
    script: &[(u64, Step)],
    idle: Duration,
    total: Duration,
    wanted: (Why, Duration),
) {
    let got = collected(script, idle, total).await;
    let in_time = |(moment, step): &&(u64, Step)| *step == Step::Item && ms(*moment) < wanted.1;
    let items: Vec<u64> = script.iter().filter(in_time).map(|(moment, _)| *moment).collect();
    let end = (got.why, got.time);
    let late = got.time > wanted.1;
    if got.time < wanted.1 {
        no_thread_sleeps().await;
    }
    match wanted.0 {
        Why::Total if late && got.why == Why::Total => {
            // It looked at the clock, but only when something else had woken it? Or
            // did its clock begin at another moment?
            let by_item = script.iter().any(|(moment, _)| ms(*moment) == got.time);
            let pitfall = if by_item { "skipped-registration" } else { "timeout-wrong-scope" };
            blame(pitfall).unless_eq(end, wanted);
        }
        Why::Total if late => why_endless().unless_eq(end, wanted),
        Why::Stopped if got.items.len() > items.len() => {
            blame("biased-starvation").unless_eq((&got.items, end), (&items, wanted));
        }
        Why::Stopped if late => blame("skipped-registration").unless_eq(end, wanted),
        // At this moment something else was ready, too, and it counted.
        Why::Stopped if got.time == wanted.1 => blame("biased-starvation").unless_eq(end, wanted),
        _ => {}
    }
    // By the time it was told to stop they had all been sent.
    let by_then = |(moment, step): &&(u64, Step)| *step == Step::Item && ms(*moment) <= wanted.1;
    if got.why == Why::Stopped && wanted.0 == Why::Stopped {
        let sent = script.iter().filter(by_then).count();
        // Taken, looked at, and neither given nor left.
        blame("cancel-loses-partial-read").unless_eq(got.items.len() + got.left, sent);
    }
    if got.why == Why::Idle && got.time < wanted.1 {
        // Counted from the beginning, and not from the latest item.
        blame("timeout-wrong-scope").unless_eq(end, wanted);
    }
    plainly().unless_eq(end, wanted);
    // It ended as it should, and what it had taken was gone.
    if got.items.len() + got.left < items.len() {
        blame("cancel-loses-partial-read").unless_eq(&got.items, &items);
    }
    plainly().unless_eq(&got.items, &items);
}
