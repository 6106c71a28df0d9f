//! What every learner sees: a future that may be a task, and jobs that may not.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use exercise::send_or_local::{LocalJob, Save, run_local, tally};
use kit::{
    Lab, Log, blame, lab, ms, no_tasks_left, plainly, require_send, secs, span, timed, took,
};
use tokio::time::{Instant, sleep, timeout};

/// Longer than any job takes.
const LIMIT: Duration = secs(3_600);

/// A save takes a second. The log has its beginning and its end.
pub fn disk(log: &Log) -> Save {
    let log = log.clone();
    Arc::new(move |count| {
        let log = log.clone();
        Box::pin(async move {
            let _span = span(format!("save {count}"));
            log.add(format!("save {count}"));
            sleep(secs(1)).await;
            log.add(format!("saved {count}"));
        })
    })
}

pub fn owned(pages: &[&str]) -> Vec<String> {
    pages.iter().map(|page| page.to_string()).collect()
}

/// Pages are counted and saved, and everything is over when the future is.
pub async fn saves(pages: &[&str], counts: &[usize]) {
    let log = Log::new();
    let counted = tally(owned(pages), disk(&log));
    require_send(&counted); // gate: non-send-across-await
    let (sum, time) = timed(counted).await;
    sleep(ms(1)).await;
    no_tasks_left("dropped-handle-detaches");
    took(time).lazy_only_if_none().should_be(secs(counts.len() as u64));
    let wanted =
        counts.iter().flat_map(|count| [format!("save {count}"), format!("saved {count}")]);
    plainly().unless_eq(log.lines(), wanted.collect::<Vec<_>>());
    plainly().unless_eq(sum, counts.iter().sum::<usize>());
}

/// How far the jobs of a test have come.
#[derive(Clone, Default)]
pub struct Jobs {
    pub called: Rc<Cell<u32>>,
    /// Polled, and not yet dropped.
    pub alive: Rc<Cell<u32>>,
    pub done: Rc<Cell<u32>>,
    cut_off: Rc<Cell<u32>>,
}

fn add(to: &Cell<u32>, much: u32) {
    to.set(to.get() + much);
}

/// From a job's first poll until it is dropped.
struct Life {
    jobs: Jobs,
    done: bool,
}

impl Life {
    fn ends(mut self) {
        self.done = true;
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.jobs.alive.set(self.jobs.alive.get() - 1);
        add(if self.done { &self.jobs.done } else { &self.jobs.cut_off }, 1);
    }
}

impl Jobs {
    /// A job that waits and then does something to the counter.
    pub fn job(&self, name: &str, wait: Duration, act: impl Fn(u32) -> u32 + 'static) -> LocalJob {
        self.boxed(name.to_owned(), wait, Box::new(act))
    }

    fn boxed(&self, name: String, wait: Duration, act: Box<dyn Fn(u32) -> u32>) -> LocalJob {
        let jobs = self.clone();
        Box::new(move |counter| {
            // A job is a function first: whoever calls it has begun with it.
            add(&jobs.called, 1);
            let label = name.clone();
            let mut work = Some(Box::pin(async move {
                add(&jobs.alive, 1);
                let life = Life { jobs, done: false };
                let _span = span(label);
                sleep(wait).await;
                counter.set(act(counter.get()));
                life.ends();
            }));
            Box::pin(poll_fn(move |cx| {
                let Some(running) = &mut work else {
                    blame("repoll-after-ready")
                        .because("polled-after-ready", &[("who", &name)])
                        .now()
                };
                let polled = running.as_mut().poll(cx);
                if polled.is_ready() {
                    work = None;
                }
                polled
            }))
        })
    }

    /// Runs them all: in time, to their end.
    pub async fn run(&self, jobs: Vec<LocalJob>, longest: Duration, result: u32) {
        let all = jobs.len() as u32;
        let (counted, time) = ended(run_local(jobs)).await;
        self.check(counted, time, (result, longest));
        plainly().unless_eq(self.done.get(), all);
    }

    /// What came of them, and how long it took.
    pub fn check(&self, counted: u32, time: Duration, (result, longest): (u32, Duration)) {
        // Begun, and then dropped or left alone.
        let cut_off = self.cut_off.get() + self.alive.get();
        blame("joinset-drop-unawaited")
            .because("jobs-cut-off", &[("count", &cut_off)])
            .unless(cut_off == 0);
        took(time).lazy_only_if_none().should_be(longest);
        plainly().unless_eq(counted, result);
    }
}

/// The result and how long it took; or what it means that it never ends.
pub async fn ended(jobs: impl Future<Output = u32>) -> (u32, Duration) {
    let (start, mut polls, mut jobs) = (Instant::now(), 0, Box::pin(jobs));
    let counted = poll_fn(|cx| {
        // Nobody has woken it, and this is the poll of the one who gives up.
        let late = polls == 1 && start.elapsed() >= LIMIT;
        blame("pending-without-waker").because("not-woken", &[("who", &"run_local")]).unless(!late);
        polls += 1;
        jobs.as_mut().poll(cx)
    });
    let (counted, time) = timed(timeout(LIMIT, counted)).await;
    let Ok(counted) = counted else { plainly().because("deadline", &[("limit", &"1h")]).now() };
    (counted, time)
}

/// All tests: a poll that asks its jobs until they are done never comes back.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake")
}

#[test]
fn a_tally_may_be_a_task() {
    watched()
        .run(async { saves(&["to be or not to be", "tea", "salt and tea"], &[4, 1, 3]).await });
}

#[test]
fn local_jobs_run_at_once() {
    watched().run(async {
        let jobs = Jobs::default();
        let three = vec![
            jobs.job("oven", secs(2), |n| n + 1),
            jobs.job("stove", secs(3), |n| n + 10),
            jobs.job("sink", secs(1), |n| n + 100),
        ];
        jobs.run(three, secs(3), 111).await;
    });
}
