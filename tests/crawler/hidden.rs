//! The rest of the contract: limits, failures, and an end at any time.

use std::pin::pin;
use std::sync::Arc;

use exercise::crawler::{Broken, Fetch, Limits, crawl, host};
use futures::join;
use kit::{
    blame, lab, ms, plainly, require_send, run, secs, start_over, stays_asleep, tell_panic, timed,
    took,
};
use tokio::sync::{Mutex, Notify};
use tokio::time::{sleep, timeout};

use crate::visible::How::{BreaksDown, Hangs, Panics, PanicsAtOnce};
use crate::visible::{WIDE, Web, came, lasted, urls};

/// What each test asks first that is about something else, so that an answer is told of
/// its first mistake, and not of what follows from it.
async fn crawls_work() {
    let web = Web::new()
        .page("oslo/home", 1, &["oslo/tea", "rome/home"])
        .page("oslo/tea", 2, &["oslo/home"])
        .page("rome/home", 3, &[])
        .opens();
    let (report, time) = web.crawled(&["oslo/home"], WIDE).await;
    web.each_was_fetched_once();
    came(&report, &["oslo/home", "oslo/tea", "rome/home"], &[]);
    lasted(time, secs(4));
    // The picture is of what comes now.
    start_over();
}

#[test]
fn an_address_may_be_found_again_and_again() {
    run(async {
        // Ten pages come in at the same moment, and all of them link to the same two.
        let names: Vec<String> = (0..10).map(|number| format!("oslo/{number}")).collect();
        let mut web = Web::new().page("oslo/a", 5, &["oslo/b"]).page("oslo/b", 1, &["oslo/0"]);
        for name in &names {
            web = web.page(name, 1, &["oslo/a", "oslo/b", "oslo/a"]);
        }
        let web = web.opens();
        let mut seeds: Vec<&str> = names.iter().map(String::as_str).collect();
        seeds.extend(["oslo/3", "oslo/3"]);
        let (report, time) = web.crawled(&seeds, WIDE).await;
        web.each_was_fetched_once();
        plainly().unless_eq((report.fetched.len(), report.complete), (12, true));
        lasted(time, secs(1 + 5));
        // Nor is one that has failed fetched again.
        let web = Web::new()
            .page("oslo/home", 3, &["oslo/gone"])
            .fails("oslo/gone", 1, BreaksDown)
            .opens();
        let (report, _) = web.crawled(&["oslo/gone", "oslo/home"], WIDE).await;
        web.each_was_fetched_once();
        came(&report, &["oslo/home"], &["oslo/gone"]);
    });
}

#[test]
fn links_are_followed_as_soon_as_their_page_is_there() {
    run(async {
        let web = Web::new()
            .page("oslo/slow", 9, &["oslo/last"])
            .page("oslo/1", 1, &["oslo/2"])
            .page("oslo/2", 1, &["oslo/3", "oslo/3b"])
            .page("oslo/3", 7, &[])
            .page("oslo/3b", 8, &[])
            .page("oslo/last", 1, &[])
            .opens();
        let (report, time) = web.crawled(&["oslo/slow", "oslo/1"], WIDE).await;
        plainly().unless_eq(report.fetched.len(), 6);
        lasted(time, secs(10));
    });
}

#[test]
fn no_more_are_fetched_at_once_than_allowed() {
    run(async {
        let hosts: Vec<String> = (0..12).map(|number| format!("host{number}/home")).collect();
        let mut web = Web::new();
        for url in &hosts {
            web = web.page(url, 2, &[]);
        }
        let web = web.opens();
        let seeds: Vec<&str> = hosts.iter().map(String::as_str).collect();
        let limits = Limits { at_once: 4, ..WIDE };
        let (report, time) = web.crawled(&seeds, limits).await;
        blame("unbounded-fanout").unless(web.most().0 <= 4);
        lasted(time, secs(3 * 2));
        plainly().unless_eq((report.fetched.len(), report.complete), (12, true));
    });
}

#[test]
fn no_more_are_fetched_of_one_host_than_allowed() {
    run(async {
        let mut web = Web::new();
        let pages: Vec<String> =
            (0..12).map(|number| format!("{}/{number}", ["oslo", "rome"][number % 2])).collect();
        for url in &pages {
            web = web.page(url, 2, &[]);
        }
        let web = web.opens();
        let seeds: Vec<&str> = pages.iter().map(String::as_str).collect();
        let limits = Limits { per_host: 2, ..WIDE };
        let (report, time) = web.crawled(&seeds, limits).await;
        blame("unbounded-fanout").unless(web.most().1 <= 2);
        lasted(time, secs(3 * 2));
        plainly().unless_eq((report.fetched.len(), report.complete), (12, true));
    });
}

#[test]
fn a_busy_host_is_in_nobodys_way() {
    run(async {
        crawls_work().await;
        // Four pages of a slow host come first. One of them may be fetched at a time,
        // and three pages in all.
        let web = Web::new()
            .page("slow/1", 9, &[])
            .page("slow/2", 9, &[])
            .page("slow/3", 9, &[])
            .page("slow/4", 9, &[])
            .page("oslo/home", 1, &["oslo/tea"])
            .page("oslo/tea", 1, &[])
            .opens();
        let seeds = ["slow/1", "slow/2", "slow/3", "slow/4", "oslo/home"];
        let limits = Limits { at_once: 3, per_host: 1, ..WIDE };
        let watched = async {
            sleep(ms(2_500)).await;
            web.begun.lines()
        };
        let ((_, time), begun) = join!(web.crawled(&seeds, limits), watched);
        // It does not matter which of the slow ones is the first.
        let mut begun: Vec<&str> = begun.iter().map(|url| host(url)).collect();
        begun.sort();
        plainly().unless_eq(begun, ["oslo", "oslo", "slow"]);
        took(time).should_be(secs(4 * 9));
    });
}

#[test]
fn no_more_pages_are_begun_than_allowed() {
    run(async {
        crawls_work().await;
        for (pages, begun, complete) in [(1, 1, false), (3, 3, false), (4, 4, true), (5, 4, true)] {
            let web = Web::new()
                .page("oslo/home", 1, &["oslo/a", "oslo/b", "oslo/c"])
                .page("oslo/a", 2, &["oslo/home"])
                .fails("oslo/b", 2, BreaksDown)
                .page("oslo/c", 2, &["oslo/a"])
                .opens();
            let (report, _) = web.crawled(&["oslo/home"], Limits { pages, ..WIDE }).await;
            plainly().unless_eq(web.begun.lines().len(), begun);
            plainly().unless_eq(report.fetched.len() + report.failed.len(), begun);
            plainly().unless_eq(report.complete, complete);
        }
        let (report, time) = Web::new().opens().crawled(&[], WIDE).await;
        came(&report, &[], &[]);
        plainly().unless_eq((report.complete, time), (true, secs(0)));
    });
}

#[test]
fn a_page_that_hangs_is_given_up_alone() {
    run(async {
        crawls_work().await;
        let web = Web::new()
            .page("oslo/home", 3, &["oslo/hangs", "oslo/2"])
            .fails("oslo/hangs", 1, Hangs)
            .page("oslo/2", 3, &["oslo/3"])
            .page("oslo/3", 3, &["oslo/slow"])
            .page("oslo/slow", 9, &["oslo/never"])
            .opens();
        let limits = Limits { per_page: secs(4), ..WIDE };
        let watched = async {
            // One page has been given up, and one is under way.
            sleep(secs(8)).await;
            web.under_way()
        };
        let ((report, time), under_way) = join!(web.crawled(&["oslo/home"], limits), watched);
        took(time)
            .slower_means("timeout-wrong-scope")
            .faster_means("timeout-wrong-scope")
            .should_be(secs(3 * 3 + 4));
        came(&report, &["oslo/2", "oslo/3", "oslo/home"], &["oslo/hangs", "oslo/slow"]);
        plainly().unless(report.complete);
        blame("loser-kept-alive").unless_eq(under_way, 1);
        // While it waits for its host, or for a place, it does not hang.
        for limits in [Limits { per_host: 1, ..limits }, Limits { at_once: 1, ..limits }] {
            let web = Web::new()
                .page("oslo/1", 3, &[])
                .page("oslo/2", 3, &[])
                .page("oslo/3", 3, &[])
                .opens();
            let (report, time) = web.crawled(&["oslo/1", "oslo/2", "oslo/3"], limits).await;
            blame("timeout-wrong-scope").unless_eq(report.failed.len(), 0);
            plainly().unless_eq((report.fetched.len(), time), (3, secs(9)));
        }
    });
}

#[test]
fn pages_that_fail_take_nothing_along() {
    run(async {
        crawls_work().await;
        // With one at a time, a place that is not given back is missed at once.
        let web = Web::new()
            .fails("oslo/fire", 1, Panics)
            .fails("oslo/spark", 0, PanicsAtOnce)
            .fails("oslo/gone", 1, BreaksDown)
            .fails("oslo/hangs", 0, Hangs)
            .page("oslo/home", 1, &["rome/fire", "rome/home"])
            .fails("rome/fire", 1, Panics)
            .page("rome/home", 1, &[])
            .opens();
        let seeds = ["oslo/fire", "oslo/spark", "oslo/gone", "oslo/hangs", "oslo/home"];
        let limits = Limits { at_once: 1, per_host: 1, per_page: secs(60), ..WIDE };
        let alone = || blame("one-failure-kills-all");
        let (report, time) = web.crawled_or(&seeds, limits, alone()).await;
        alone().unless_eq(report.fetched.len(), 2);
        came(
            &report,
            &["oslo/home", "rome/home"],
            &["oslo/fire", "oslo/gone", "oslo/hangs", "oslo/spark", "rome/fire"],
        );
        plainly().unless_eq((report.complete, time), (true, secs(1 + 1 + 60 + 3)));
    });
}

#[test]
fn stop_is_heard_at_once() {
    run(async {
        crawls_work().await;
        let web = Web::new()
            .page("oslo/home", 2, &["oslo/a", "oslo/b", "oslo/gone"])
            .page("oslo/a", 2, &["oslo/c"])
            .page("oslo/b", 9, &[])
            .page("oslo/c", 9, &[])
            .fails("oslo/gone", 1, BreaksDown)
            .opens();
        let limits = Limits { at_once: 3, ..WIDE };
        let stopped = crawl(web.clone(), urls(&["oslo/home"]), limits, sleep(secs(5)));
        let (report, time) = timed(stopped).await;
        web.has_nothing_under_way().await;
        plainly().unless_eq(time, secs(5));
        came(&report, &["oslo/a", "oslo/home"], &["oslo/gone"]);
        plainly().unless(!report.complete);
        plainly().unless_eq(web.begun.lines().len(), 5);
        // Before it has begun.
        let web = Web::new().page("oslo/home", 2, &[]).opens();
        let report = crawl(web.clone(), urls(&["oslo/home"]), WIDE, async {}).await;
        came(&report, &[], &[]);
        plainly().unless(!report.complete);
    });
}

#[test]
fn stop_is_heard_among_pages_that_take_no_time() {
    lab().hang_means("biased-starvation").spin_means("biased-starvation").run(async {
        crawls_work().await;
        let endless = Arc::new(Endless { begun: Mutex::new(0), enough: Notify::new() });
        let stop = endless.enough.notified();
        let limits = Limits { at_once: 4, pages: 1_000, ..WIDE };
        crawl(endless.clone(), urls(&["oslo/0"]), limits, stop).await;
        // Some may still get through.
        let begun = *endless.begun.lock().await;
        blame("biased-starvation").unless(begun < 300);
    });
}

/// Each page has two others behind it, and all of them are there at once.
struct Endless {
    begun: Mutex<usize>,
    enough: Notify,
}

impl Fetch for Endless {
    async fn fetch(&self, _: &str) -> Result<Vec<String>, Broken> {
        let mut begun = self.begun.lock().await;
        *begun += 1;
        if *begun == 100 {
            self.enough.notify_waiters();
        }
        Ok(vec![format!("oslo/{begun}a"), format!("oslo/{begun}b")])
    }
}

#[test]
fn whoever_drops_it_drops_it_all() {
    run(async {
        crawls_work().await;
        let web = Web::new()
            .page("oslo/home", 1, &["oslo/a", "oslo/b"])
            .page("oslo/a", 9, &["oslo/c"])
            .page("oslo/b", 9, &["oslo/c"])
            .page("oslo/c", 9, &[])
            .opens();
        let crawled = timeout(secs(5), web.crawled(&["oslo/home"], WIDE)).await;
        plainly().unless(crawled.is_err());
        // What was aborted may need a turn.
        sleep(ms(1)).await;
        blame("dropped-handle-detaches").unless_eq(web.under_way(), 0);
        sleep(secs(60)).await;
        blame("dropped-handle-detaches").unless_eq(web.begun.lines().len(), 3);
        web.has_nothing_under_way().await;
    });
}

#[test]
fn who_waits_sleeps() {
    run(async {
        crawls_work().await;
        // Also while a page waits for its host, or for a place.
        for limits in [WIDE, Limits { per_host: 1, ..WIDE }, Limits { at_once: 1, ..WIDE }] {
            start_over();
            let web = Web::new()
                .page("oslo/home", 60, &["oslo/a"])
                .page("oslo/tea", 60, &[])
                .page("oslo/a", 1, &[])
                .opens();
            let mut crawled = pin!(web.crawled(&["oslo/home", "oslo/tea"], limits));
            tokio::select! {
                _ = &mut crawled => {}
                () = async {
                    sleep(secs(10)).await;
                    stays_asleep().await;
                } => {}
            }
            let (report, _) = crawled.await;
            plainly().unless_eq(report.fetched.len(), 3);
        }
    });
}

#[test]
fn a_crawl_may_be_a_task() {
    run(async {
        let web = Web::new().page("oslo/home", 1, &[]).opens();
        let crawled = crawl(web.clone(), urls(&["oslo/home"]), WIDE, std::future::pending());
        require_send(&crawled); // gate: non-send-across-await
        let report = tokio::spawn(crawled).await;
        if report.is_err() {
            tell_panic();
        }
        plainly().unless_eq(report.ok().map(|report| report.fetched), Some(urls(&["oslo/home"])));
    });
}
