//! What every learner sees: a small site, and one with a broken page.

use std::collections::HashMap;
use std::future::pending;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::crawler::{Broken, Fetch, Limits, Report, crawl, host};
use futures::FutureExt;
use kit::{
    Blame, Log, alive_tasks, blame, in_time, ms, no_tasks_were_left, panic_words, plainly, run,
    secs, span, timed, took,
};
use tokio::time::sleep;

use self::How::{BreaksDown, Hangs, Panics, PanicsAtOnce, Works};

#[test]
fn a_small_site_is_fetched_once() {
    run(async {
        let web = Web::new()
            .page("oslo/home", 1, &["oslo/tea", "rome/home", "oslo/home"])
            .page("oslo/tea", 2, &["rome/home", "oslo/home"])
            .page("rome/home", 3, &["oslo/tea", "rome/end"])
            .page("rome/end", 1, &[])
            .opens();
        let (report, time) = web.crawled(&["oslo/home"], WIDE).await;
        web.each_was_fetched_once();
        came(&report, &["oslo/home", "oslo/tea", "rome/end", "rome/home"], &[]);
        plainly().unless(report.complete);
        lasted(time, secs(1 + 3 + 1));
        // As they came in.
        let expected = ["oslo/home", "oslo/tea", "rome/home", "rome/end"];
        blame("result-order-mixup").unless_eq(report.fetched, expected);
    });
}

#[test]
fn a_broken_page_is_a_line_in_the_report() {
    run(async {
        let web = Web::new()
            .page("oslo/home", 1, &["oslo/gone", "oslo/tea", "rome/fire"])
            .fails("oslo/gone", 1, BreaksDown)
            .fails("rome/fire", 1, Panics)
            .page("oslo/tea", 2, &["oslo/end"])
            .page("oslo/end", 1, &["oslo/gone"])
            .opens();
        let (report, time) = web.crawled(&["oslo/home"], WIDE).await;
        web.each_was_fetched_once();
        blame("one-failure-kills-all").unless(report.fetched.len() >= 3);
        // Who is told of the one, and not of the other, has let go of a panic.
        let told = |url: &str| report.failed.iter().any(|failed| failed == url);
        blame("swallowed-join-error").unless(!told("oslo/gone") || told("rome/fire"));
        came(&report, &["oslo/end", "oslo/home", "oslo/tea"], &["oslo/gone", "rome/fire"]);
        plainly().unless(report.complete);
        lasted(time, secs(1 + 2 + 1));
    });
}

/// What a page says that panics.
const ON_FIRE: &str = "is on fire";

/// More than any test needs.
pub const WIDE: Limits =
    Limits { at_once: 20, per_host: 20, pages: 20_000, per_page: Duration::from_secs(3_600) };

pub fn urls(urls: &[&str]) -> Vec<String> {
    urls.iter().map(|url| url.to_string()).collect()
}

/// These have been fetched, and these have failed, in whatever order.
pub fn came(report: &Report, fetched: &[&str], failed: &[&str]) {
    let sorted = |urls: &[String]| {
        let mut urls = urls.to_vec();
        urls.sort();
        urls
    };
    plainly().unless_eq(sorted(&report.fetched), fetched);
    plainly().unless_eq(sorted(&report.failed), failed);
}

/// It has taken so long.
pub fn lasted(time: Duration, expected: Duration) {
    // A little late is who looks every now and then.
    blame("busy-wake").unless(time <= expected || time >= expected + ms(500));
    took(time).slower_means("sequential-awaits").should_be(expected);
}

/// What becomes of a page.
#[derive(Clone, Copy)]
pub enum How {
    Works,
    BreaksDown,
    Panics,
    /// The call panics, and there is no future.
    PanicsAtOnce,
    Hangs,
}

/// Pages that link to each other, and what has been going on with them.
pub struct Web {
    pages: HashMap<String, (Duration, How, Vec<String>)>,
    pub begun: Log,
    busy: Mutex<Busy>,
}

#[derive(Default)]
struct Busy {
    hosts: HashMap<String, usize>,
    most_at_once: usize,
    most_per_host: usize,
}

impl Web {
    pub fn new() -> Self {
        Web { pages: HashMap::new(), begun: Log::new(), busy: Mutex::default() }
    }

    pub fn page(self, url: &str, seconds: u64, links: &[&str]) -> Self {
        self.with(url, seconds, Works, urls(links))
    }

    pub fn fails(self, url: &str, seconds: u64, how: How) -> Self {
        self.with(url, seconds, how, Vec::new())
    }

    fn with(mut self, url: &str, seconds: u64, how: How, links: Vec<String>) -> Self {
        self.pages.insert(url.to_owned(), (secs(seconds), how, links));
        self
    }

    pub fn opens(self) -> Arc<Self> {
        Arc::new(self)
    }

    /// What comes of a crawl that nobody stops. At its end nothing is under way.
    pub async fn crawled(self: &Arc<Self>, seeds: &[&str], limits: Limits) -> (Report, Duration) {
        self.crawled_or(seeds, limits, plainly()).await
    }

    /// The same. If nothing is under way, and it waits all the same, that is why.
    pub async fn crawled_or(
        self: &Arc<Self>,
        seeds: &[&str],
        limits: Limits,
        why: Blame,
    ) -> (Report, Duration) {
        let crawled = crawl(self.clone(), urls(seeds), limits, pending());
        let crawled = AssertUnwindSafe(crawled).catch_unwind();
        let (ended, time) = timed(in_time(secs(12 * 3_600), crawled)).await;
        let why = if self.under_way() == 0 { why } else { plainly() };
        why.because("waits-on", &[("count", &self.under_way())]).unless(ended.is_some());
        let report = ended.expect("in time").unwrap_or_else(|panic| {
            let of_a_page = panic_words(&*panic).is_some_and(|words| words.ends_with(ON_FIRE));
            blame("one-failure-kills-all").unless(!of_a_page);
            resume_unwind(panic)
        });
        self.has_nothing_under_way().await;
        (report, time)
    }

    pub fn each_was_fetched_once(&self) {
        let mut urls = self.begun.lines();
        let begun = urls.len();
        urls.sort();
        urls.dedup();
        blame("read-await-write").unless_eq(begun, urls.len());
    }

    pub fn under_way(&self) -> usize {
        self.busy.lock().unwrap().hosts.values().sum()
    }

    /// So many at the same time, in all and of one host.
    pub fn most(&self) -> (usize, usize) {
        let busy = self.busy.lock().unwrap();
        (busy.most_at_once, busy.most_per_host)
    }

    /// The call has returned, and nothing goes on.
    pub async fn has_nothing_under_way(&self) {
        let left = self.under_way() + alive_tasks();
        if left > 0 {
            sleep(ms(1)).await;
            blame("dropped-handle-detaches").unless_eq(self.under_way(), 0);
        }
        no_tasks_were_left(left).await;
    }
}

impl Fetch for Web {
    fn fetch(&self, url: &str) -> impl Future<Output = Result<Vec<String>, Broken>> + Send {
        let (time, how, links) = self.pages.get(url).expect("only links that there are");
        if let PanicsAtOnce = how {
            self.begun.add(url);
            panic!("{url} {ON_FIRE}");
        }
        async move {
            self.begun.add(url);
            let _span = span(url);
            let _busy = self.is_busy(url);
            sleep(*time).await;
            match how {
                Works => Ok(links.clone()),
                BreaksDown => Err(Broken),
                Panics | PanicsAtOnce => panic!("{url} {ON_FIRE}"),
                Hangs => pending().await,
            }
        }
    }
}

impl Web {
    fn is_busy(&self, url: &str) -> IsBusy<'_> {
        let host = host(url).to_owned();
        let mut busy = self.busy.lock().unwrap();
        let count = busy.hosts.entry(host.clone()).or_default();
        *count += 1;
        busy.most_per_host = (*count).max(busy.most_per_host);
        busy.most_at_once = busy.hosts.values().sum::<usize>().max(busy.most_at_once);
        IsBusy { web: self, host }
    }
}

/// A page is under way, for as long as this is there.
struct IsBusy<'a> {
    web: &'a Web,
    host: String,
}

impl Drop for IsBusy<'_> {
    fn drop(&mut self) {
        *self.web.busy.lock().unwrap().hosts.entry(self.host.clone()).or_default() -= 1;
    }
}
