//! What every learner sees: workers that work at once, a pipeline of two stages, and a
//! stage whose results nobody reads.

use std::cell::Cell;
use std::fmt::Display;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exercise::pipeline::stage;
use futures::future::BoxFuture;
use kit::{Blame, Lab, alive_tasks, blame, lab, ms, plainly, secs, span, start_over, tell_panic};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep, timeout};

#[test]
fn each_result_comes_when_it_is_done() {
    watched().run(async {
        let mut stage = Stage::new(4, 2);
        // 1000 | 300, 500, 150: then both are done with what they have.
        stage.given(&[1_000, 300, 500, 150]);
        let results = stage.drained().await;
        stage.at_once().await;
        plainly().unless_eq(results, [(300, 2), (800, 3), (950, 4), (1_000, 1)]);
    });
}

#[test]
fn two_stages_work_side_by_side() {
    watched().run(async {
        let mut first = Stage::new(1, 1);
        first.given(&[1_000; 4]);
        // What one hands on each second, two take turns to carry on for two seconds.
        let mut second = first.into_next(1, 2, |item| item.takes = secs(2));
        let results = second.drained().await;
        second.at_once().await;
        plainly().unless_eq(results, [(3_000, 1), (4_000, 2), (5_000, 3), (6_000, 4)]);
    });
}

#[test]
fn while_nobody_reads_each_worker_holds_one_result() {
    watched().run(async {
        left_alone(3, 2).await;
    });
}

/// All tests: who asks again and again never comes back, and who blocks the thread
/// does not either, as only this thread could do what it waits for.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake").wait_means("sync-io-in-async")
}

/// What goes through the stages. It cannot be copied, nor be looked at from two
/// threads: nobody has promised that items can.
#[derive(Debug)]
pub struct Item {
    number: u64,
    pub takes: Duration,
    breaks: bool,
    _not_sync: Cell<()>,
}

impl Item {
    fn new(number: u64, takes: u64) -> Self {
        Item { number, takes: ms(takes), breaks: false, _not_sync: Cell::new(()) }
    }
}

/// What is seen of the work on items.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    pub begun: usize,
    /// Being worked on now.
    pub live: usize,
    /// At once, at most.
    pub peak: usize,
    /// Worked on to the end.
    pub done: usize,
}

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Counts>>);

impl Seen {
    fn count<T>(&self, change: impl FnOnce(&mut Counts) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Being worked on, until what it returns is dropped.
    fn begins(&self) -> AtWork {
        self.count(|counts| {
            counts.begun += 1;
            counts.live += 1;
            counts.peak = counts.peak.max(counts.live);
        });
        AtWork(self.clone())
    }
}

struct AtWork(Seen);

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.count(|counts| counts.live -= 1);
    }
}

type Work = Box<dyn Fn(Item) -> BoxFuture<'static, Item> + Send + Sync>;

/// The only call of `stage`, so that it is compiled once.
fn started(rx: Receiver<Item>, cap: usize, workers: usize, work: Work) -> Receiver<Item> {
    let [cap, workers] = [cap, workers].map(|n| NonZeroUsize::new(n).expect("more than none"));
    stage(rx, cap, workers, work)
}

/// A stage, and what is seen of it.
pub struct Stage {
    /// Which one of a pipeline.
    number: usize,
    cap: usize,
    workers: usize,
    /// None when it was told that no more come.
    pub items: Option<Sender<Item>>,
    pub results: Receiver<Item>,
    seen: Seen,
    pub given: u64,
    broken: u64,
    read: usize,
    begun: Instant,
    /// How many tasks the call has spawned.
    spawned: usize,
}

/// More than any test gives to a stage.
const PLENTY: usize = 100;

impl Stage {
    /// A stage that nobody has given anything yet.
    pub fn new(cap: usize, workers: usize) -> Self {
        let (items, rx) = channel(PLENTY);
        let mut stage = Stage::behind(rx, 1, cap, workers, |_| {});
        if stage.spawned == 0 {
            // The work is gone, or somebody has it who is no task.
            let check = if items.is_closed() { blame("let-underscore-future") } else { plainly() };
            check.because("no-task-spawned", &[]).now();
        }
        stage.items = Some(items);
        stage
    }

    /// A stage behind this one, and the end of what this one is given.
    pub fn into_next(self, cap: usize, workers: usize, change: fn(&mut Item)) -> Self {
        let mut next = Stage::behind(self.results, self.number + 1, cap, workers, change);
        (next.given, next.broken) = (self.given, self.broken);
        next
    }

    fn behind(
        rx: Receiver<Item>,
        number: usize,
        cap: usize,
        workers: usize,
        change: fn(&mut Item),
    ) -> Self {
        let seen = Seen::default();
        let sees = seen.clone();
        let work: Work = Box::new(move |mut item| {
            let sees = sees.clone();
            Box::pin(async move {
                let stage = if number == 1 { String::new() } else { format!(", stage {number}") };
                let _bar = span(format!("item {}{stage}", item.number));
                let _at_work = sees.begins();
                change(&mut item);
                sleep(item.takes).await;
                assert!(!item.breaks, "item {} is broken", item.number);
                sees.count(|counts| counts.done += 1);
                item
            })
        });
        let before = alive_tasks();
        let results = started(rx, cap, workers, work);
        let (begun, spawned) = (Instant::now(), alive_tasks() - before);
        let (items, given, broken, read) = (None, 0, 0, 0);
        Stage { number, cap, workers, items, results, seen, given, broken, read, begun, spawned }
    }

    /// Items that take so many milliseconds. The first one has the number 1.
    pub fn given(&mut self, items: &[u64]) {
        for takes in items {
            self.give(*takes, false);
        }
    }

    /// Items whose work panics after so many milliseconds.
    pub fn given_broken(&mut self, items: &[u64]) {
        for takes in items {
            self.give(*takes, true);
        }
    }

    fn give(&mut self, takes: u64, breaks: bool) {
        self.given += 1;
        self.broken += u64::from(breaks);
        let item = Item { breaks, ..Item::new(self.given, takes) };
        let items = self.items.as_ref().expect("who is given items has an input");
        let goes_in = items.try_send(item).is_ok();
        self.unless_gone(goes_in);
    }

    pub fn seen(&self) -> Counts {
        self.seen.count(|counts| *counts)
    }

    /// How many items were taken out of the queue before.
    pub fn taken(&self) -> usize {
        let items = self.items.as_ref().expect("asked before the end");
        self.given as usize - (items.max_capacity() - items.capacity())
    }

    /// The next result, and when it came. None at the end, or if a minute goes by.
    pub async fn next(&mut self) -> Option<(u64, u64)> {
        let item = timeout(MINUTE, self.results.recv()).await.ok().flatten()?;
        self.read += 1;
        Some((self.begun.elapsed().as_millis() as u64, item.number))
    }

    /// All results there are, when no more items come. Each comes once, and then
    /// there is an end, and no task.
    pub async fn drained(&mut self) -> Vec<(u64, u64)> {
        self.items = None;
        let mut results = Vec::new();
        let ended = loop {
            match timeout(MINUTE, self.results.recv()).await {
                Ok(Some(item)) => {
                    results.push((self.begun.elapsed().as_millis() as u64, item.number));
                }
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        self.nothing_lost(self.read + results.len());
        if !ended {
            // Have all of them heard of the end, and somebody keeps a sender?
            let asleep = why_in_turn().await == ASLEEP;
            let check = blame(if asleep { ASLEEP } else { "self-kept-sender" });
            check.because("not-ended", &[("who", &WHO)]).now();
        }
        sleep(ms(1)).await;
        let left = alive_tasks();
        plainly().because("tasks-alive", &[("count", &left), ("expected", &0)]).unless(left == 0);
        results
    }

    /// So many results have come, and no more will.
    fn nothing_lost(&self, count: usize) {
        let wanted = (self.given - self.broken) as usize;
        if count == wanted {
            return;
        }
        let Counts { begun: worked_on, done, live, .. } = self.seen();
        let lost = |check: Blame| {
            check.because("results-came", &[("count", &count), ("expected", &wanted)]).now()
        };
        self.unless_gone(worked_on > 0);
        if self.broken == 0 && count < wanted {
            tell_panic();
        }
        match () {
            () if count > wanted => lost(plainly()),
            // All the work was done, for nothing.
            () if done == wanted && count == 0 => lost(blame("let-underscore-future")),
            () if done == wanted => lost(plainly()),
            () if self.broken > 0 => lost(blame("one-failure-kills-all")),
            // Begun, and neither done nor under way any more.
            () if worked_on > done && live == 0 => lost(blame("joinset-drop-unawaited")),
            () => lost(plainly()),
        }
    }

    /// It does not work, and there is nobody left who could.
    fn unless_gone(&self, works: bool) {
        if works || alive_tasks() > 0 {
            return;
        }
        if self.broken == 0 {
            tell_panic();
        }
        blame("joinset-drop-unawaited").because("no-workers", &[("spawned", &self.spawned)]).now();
    }

    /// So many items were worked on at once as there are workers.
    pub async fn at_once(&self) {
        let (most, workers) = (self.seen().peak, self.workers);
        let told = |check: Blame| {
            check.because("worked-on-at-once", &[("count", &most), ("workers", &workers)]).now()
        };
        if most > workers {
            told(blame("unbounded-fanout"));
        }
        if most < workers {
            let why = why_in_turn().await;
            // It is due to the room for results, and to nothing else.
            let room = [("cap", &self.cap as &dyn Display)];
            told(match why {
                "lock-serialises-work" => blame(why).because("only-with-room", &room),
                _ => blame(why),
            });
        }
    }
}

const MINUTE: Duration = secs(60);

pub const WHO: &str = "The returned queue";

/// Of several workers that wait for an item, one is woken and the others sleep on.
const ASLEEP: &str = "single-waker-slot";

/// Why fewer are worked on at once than there are workers.
async fn why_in_turn() -> &'static str {
    let [idle_first, items_first] = [five_at_once(false).await, five_at_once(true).await];
    match (idle_first.begun, items_first.begun) {
        // Where there is room for all results they do not wait for each other.
        (5.., 5..) => "lock-serialises-work",
        // Somebody has them, and does not begin.
        _ if items_first.taken > items_first.begun + 1 => "generator-runs-ahead",
        _ if idle_first.tasks < 5 => "sequential-awaits",
        // Those who were awake did. Those who slept were not all woken.
        (_, 5..) => ASLEEP,
        _ => "shared-receiver-lock",
    }
}

/// Of a stage with five items: tasks that were there before, items that were taken,
/// items that were begun.
struct FiveAtOnce {
    tasks: usize,
    taken: usize,
    begun: usize,
}

/// Five workers, room for five results, five items. Leaves nothing in the record.
async fn five_at_once(items_first: bool) -> FiveAtOnce {
    let (items, rx) = channel(5);
    let begun = Arc::new(AtomicUsize::new(0));
    let seen = begun.clone();
    let before = alive_tasks();
    let _results = started(
        rx,
        5,
        5,
        Box::new(move |item| {
            seen.fetch_add(1, SeqCst);
            Box::pin(async {
                sleep(item.takes).await;
                item
            })
        }),
    );
    if !items_first {
        sleep(ms(1)).await;
    }
    let tasks = alive_tasks() - before;
    for number in 1..=5 {
        let _ = items.try_send(Item::new(number, 1_000));
    }
    sleep(ms(500)).await;
    FiveAtOnce { tasks, taken: items.capacity(), begun: begun.load(SeqCst) }
}

/// Whether all results come to a reader who takes them at once, before it is asked how.
pub async fn works() {
    let mut stage = Stage::new(4, 2);
    stage.given(&[10, 1_000, 10, 500]);
    let results = stage.drained().await;
    plainly().unless_eq(results.len(), 4);
    start_over();
}

/// A minute in which nobody reads, and then somebody does.
pub async fn left_alone(cap: usize, workers: usize) {
    works().await;
    let mut stage = Stage::new(cap, workers);
    // The first are done one by one, and the next ones later than the queue is full.
    let takes: Vec<u64> = (1..=40).map(|n| 100 + 10 * n).collect();
    stage.given(&takes);
    sleep(secs(60)).await;
    stage.unless_gone(stage.seen().begun > 0);
    if stage.seen().peak > workers {
        stage.at_once().await;
    }
    let (most, taken, still) = (cap + workers, stage.taken(), stage.seen().live);
    let facts: [(&str, &dyn Display); 4] =
        [("count", &taken), ("most", &most), ("cap", &cap), ("workers", &workers)];
    let told = |check: Blame| check.because("taken-unread", &facts);
    told(blame("unbounded-queue")).unless(taken < takes.len());
    let began = stage.seen().begun;
    blame("inner-futures-starve")
        .because("stands-still", &[("count", &still), ("began", &began)])
        .unless(still == 0);
    told(blame("generator-runs-ahead")).unless(taken <= most);
    if taken < most {
        stage.at_once().await;
    }
    told(plainly()).unless(taken == most);
    // One is read: so one finds a place, and its worker takes the next.
    let first = stage.next().await;
    plainly().unless(first.is_some());
    sleep(ms(1)).await;
    plainly()
        .because("one-was-read", &[("count", &stage.taken())])
        .unless(stage.taken() == most + 1);
    let mut numbers = numbers(&stage.drained().await);
    numbers.extend(first.map(|(_, number)| number));
    stage.at_once().await;
    numbers.sort_unstable();
    plainly().unless_eq(numbers, (1..=takes.len() as u64).collect::<Vec<_>>());
}

pub fn numbers(results: &[(u64, u64)]) -> Vec<u64> {
    results.iter().map(|(_, number)| *number).collect()
}
