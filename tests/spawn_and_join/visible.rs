//! What every learner sees: all at once, and a failure that harms nobody else.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use exercise::spawn_and_join::{Fetch, TaskFailed, fetch_all};
use futures::FutureExt;
use kit::{Lab, Log, alive_tasks, blame, lab, ms, panic_words, plainly, secs, timed, took};
use tokio::time::{Instant, sleep, timeout};

pub type Pages = Vec<Result<String, TaskFailed>>;

/// A server whose URLs say what it does: `order in 3` comes after 3 s, and
/// `broken in 1` panics then. The log has each page that it has sent.
pub fn server(sent: &Log) -> Fetch {
    let sent = sent.clone();
    Arc::new(move |url| {
        let sent = sent.clone();
        Box::pin(async move {
            let _span = kit::span(&url);
            let seconds = url.rsplit(' ').next().and_then(|word| word.parse().ok());
            sleep(secs(seconds.unwrap_or(0))).await;
            assert!(!url.starts_with("broken"), "no route to {url}");
            sent.add(&url);
            format!("page of {url}")
        })
    })
}

/// The words of a panic.
fn said(panic: &(dyn Any + Send)) -> String {
    panic_words(panic).unwrap_or_default().to_owned()
}

/// A right answer is polled once for each task, or a few times more.
const POLLS: usize = 5_000;

/// Longer than any page takes.
const LIMIT: Duration = secs(23 * 3_600);

/// Fetches pages. If it never ends, or ends by a panic, this says what it means.
pub async fn fetched(urls: &[&str], fetch: Fetch) -> (Pages, Duration) {
    let asked = fetch_all(urls.iter().map(|url| url.to_string()).collect(), fetch);
    let (start, mut polls) = (Instant::now(), 0);
    let mut asked = Box::pin(AssertUnwindSafe(asked).catch_unwind());
    let counted = poll_fn(|cx| {
        // Nobody has woken it, and this is the poll of the one who gives up.
        let late = polls == 1 && !urls.is_empty() && start.elapsed() >= LIMIT;
        blame("pending-without-waker").because("not-woken", &[("who", &"fetch_all")]).unless(!late);
        polls += 1;
        blame("busy-wake")
            .because("polled-often", &[("who", &"fetch_all"), ("count", &polls)])
            .unless(polls <= POLLS);
        asked.as_mut().poll(cx)
    });
    let (ended, time) = timed(timeout(LIMIT, counted)).await;
    let Ok(pages) = ended else {
        // Tasks have woken it, and it waits for more: for a channel to close.
        let hang = if urls.is_empty() { "buffered-zero-hang" } else { "self-kept-sender" };
        blame(hang).because("deadline", &[("limit", &"23h")]).now()
    };
    let pages = pages.unwrap_or_else(|panic| {
        let words = said(&*panic);
        let unwritten = words.starts_with("not yet implemented");
        if unwritten || !urls.iter().any(|url| url.starts_with("broken")) {
            resume_unwind(panic);
        }
        blame("one-failure-kills-all").because("panic-came-out", &[("message", &words)]).now()
    });
    (pages, time)
}

/// A page for each URL, or for one that starts with "broken" its failure.
fn in_order(pages: &Pages, urls: &[&str]) {
    let is_broken = |url: &&&str| url.starts_with("broken");
    // Each place in a few words; what the failure itself says is looked at below.
    let told = |page: &Result<String, TaskFailed>| match page {
        Ok(page) => page.clone(),
        Err(failed) if failed.url.starts_with("broken") => format!("failed: {}", failed.url),
        Err(failed) => format!("failed: {} ({})", failed.url, failed.why),
    };
    let mut got: Vec<String> = pages.iter().map(told).collect();
    let wanted: Vec<String> = urls
        .iter()
        .map(|url| match is_broken(&url) {
            true => format!("failed: {url}"),
            false => format!("page of {url}"),
        })
        .collect();
    let failures = pages.iter().filter(|page| page.is_err()).count();
    let broken = urls.iter().filter(is_broken).count();
    let found = |wanted: &&String| got.contains(wanted);
    let good = wanted.iter().filter(|page| page.starts_with("page")).filter(found).count();
    if failures == 0 && broken > 0 {
        blame("swallowed-join-error").unless_eq(&got, &wanted);
    }
    // Thrown away, or ended as failures themselves.
    if broken > 0 && failures > 0 && good < urls.len() - broken {
        blame("one-failure-kills-all").unless_eq(&got, &wanted);
    }
    if got != wanted {
        // The same results in other places, or a mistake without a name.
        let shown = got.clone();
        let mut sorted = wanted.clone();
        sorted.sort();
        got.sort();
        let mixed_up = if got == sorted { blame("result-order-mixup") } else { plainly() };
        mixed_up.unless_eq(shown, wanted);
    }
    for failed in pages.iter().filter_map(|page| page.as_ref().err()) {
        let words = format!("no route to {}", failed.url);
        plainly()
            .because("why-without-words", &[("why", &failed.why), ("words", &words)])
            .unless(failed.why.contains(&words));
    }
}

/// The right results, in time: as long as the slowest.
pub async fn check(pages: Pages, time: Duration, urls: &[&str], slowest: Duration) {
    let count = alive_tasks();
    sleep(ms(1)).await;
    // No result at all, and the tasks are gone a moment later: they were aborted.
    let aborted = pages.is_empty() && count > 0 && alive_tasks() == 0;
    blame("joinset-drop-unawaited")
        .because("tasks-alive", &[("count", &count), ("expected", &0)])
        .unless(!aborted);
    let in_time = took(time).lazy_only_if_none();
    if time.is_zero() && pages.iter().all(Result::is_ok) {
        in_time.should_be(slowest);
    }
    in_order(&pages, urls);
    in_time.should_be(slowest);
}

/// All tests: a poll that waits for a task by itself never comes back.
pub fn watched() -> Lab {
    lab().stuck_means("sync-io-in-async")
}

#[test]
fn all_pages_in_the_order_of_the_urls() {
    watched().run(async {
        let urls = ["user in 2", "order in 3", "goods in 1"];
        let (pages, time) = fetched(&urls, server(&Log::new())).await;
        check(pages, time, &urls, secs(3)).await;
    });
}

#[test]
fn a_page_that_fails_harms_no_other() {
    watched().run(async {
        let urls = ["user in 1", "broken in 2", "goods in 3"];
        let (pages, time) = fetched(&urls, server(&Log::new())).await;
        check(pages, time, &urls, secs(3)).await;
    });
}
