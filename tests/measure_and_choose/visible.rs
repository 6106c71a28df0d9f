//! What every learner sees: three pages in both ways, and four kinds of work.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use exercise::measure_and_choose::{
    Comparison, Fetch, Model, NoAnswer, Workload, compare, recommend,
};
use kit::{Log, blame, plainly, run, run_sync, secs, span};
use tokio::time::{Instant, sleep};

#[test]
fn three_pages_take_a_third_of_the_time_together() {
    run(async {
        let site = Site::new(&[("/user", 2, 200), ("/order", 2, 404), ("/stock", 2, 500)]);
        let compared = site.compared(&["/user", "/order", "/stock"]).await;
        site.was_asked_at(&[0, 2, 4], &[6, 6, 6]);
        measured(&compared, secs(6), secs(2));
        plainly().unless_eq(compared.outcomes.as_slice(), [Ok(200), Ok(404), Ok(500)]);
        plainly().unless_eq(compared.speedup(), 3.0);
    });
}

#[test]
fn what_jobs_do_with_their_time_decides() {
    run_sync(|| {
        chosen(1_000, (50_000, 10), Model::Async);
        chosen(8, (10, 900_000), Model::Threads);
        chosen(100, (50_000, 20_000), Model::AsyncPlusThreads);
        chosen(100, (10, 10), Model::Plain);
    });
}

/// So many jobs of so many microseconds, waiting and computing.
pub fn chosen(jobs: usize, time: (u64, u64), expected: Model) {
    let (waiting, computing) = (Duration::from_micros(time.0), Duration::from_micros(time.1));
    let model = recommend(&Workload { jobs, waiting, computing });
    let work = format!("{jobs} jobs, each waits {waiting:?} and computes {computing:?}");
    // Much to compute, on the one thread that all futures share.
    let held_up = model == Model::Async && computing >= Duration::from_millis(1);
    let check = if held_up { blame("cpu-on-executor") } else { plainly() };
    check.unless_eq(format!("{work}: {model:?}"), format!("{work}: {expected:?}"));
}

/// The times are those that went by for the timers.
pub fn measured(compared: &Comparison, one_by_one: Duration, together: Duration) {
    // All pages came when they should: so it is the clock. A real one has hardly moved.
    let real = |time: Duration| time > Duration::ZERO && time < Duration::from_millis(900);
    let virtually = !real(compared.one_by_one) && !real(compared.together);
    blame("std-instant-under-virtual-clock").unless(virtually);
    plainly().unless_eq((compared.one_by_one, compared.together), (one_by_one, together));
}

/// Pages, with the seconds that each takes, and its status. With status 0 there is no
/// answer.
pub struct Site {
    pages: HashMap<String, (u64, u16)>,
    asked: RefCell<Vec<(String, Duration)>>,
    start: Instant,
    pub log: Log,
}

impl Site {
    pub fn new(pages: &[(&str, u64, u16)]) -> Self {
        let pages = pages.iter().map(|(url, time, status)| (url.to_string(), (*time, *status)));
        Site {
            pages: pages.collect(),
            asked: RefCell::default(),
            start: Instant::now(),
            log: Log::new(),
        }
    }

    pub async fn compared(&self, urls: &[&str]) -> Comparison {
        let compared = compare(self, urls).await;
        let asked: Vec<String> = self.asked.borrow().iter().map(|(url, _)| url.clone()).collect();
        // Each of them twice, and in the order of the addresses the first time.
        let twice = urls.len() * 2;
        let fewer = asked.len() < twice && self.has_failures();
        // Who asks nobody twice has not given up: it has not begun the second time.
        let again = asked.iter().collect::<HashSet<_>>().len() < asked.len();
        blame("one-failure-kills-all").unless(!(fewer && again));
        plainly().unless_eq(asked.len(), twice);
        plainly().unless_eq(&asked[..urls.len()], urls);
        compared
    }

    /// So many seconds after the beginning: one by one, and then together.
    pub fn was_asked_at(&self, one_by_one: &[u64], together: &[u64]) {
        let asked = self.asked.borrow();
        let times: Vec<u64> = asked.iter().map(|(_, time)| time.as_secs()).collect();
        let (first, second) = times.split_at(one_by_one.len().min(times.len()));
        plainly().unless_eq(first, one_by_one);
        let beside = second.iter().all(|time| Some(time) == second.first());
        blame("sequential-awaits").unless(beside);
        plainly().unless_eq(second, together);
    }

    fn has_failures(&self) -> bool {
        self.pages.values().any(|(_, status)| *status == 0)
    }
}

impl Fetch for Site {
    async fn fetch(&self, url: &str) -> Result<u16, NoAnswer> {
        let _span = span(url);
        self.asked.borrow_mut().push((url.to_owned(), self.start.elapsed()));
        let (time, status) = self.pages[url];
        sleep(secs(time)).await;
        self.log.add(url);
        if status == 0 { Err(NoAnswer) } else { Ok(status) }
    }
}
