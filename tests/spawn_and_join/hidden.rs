//! The rest of the contract: places, panics of every kind, and whose the tasks are.

use std::panic::panic_any;
use std::sync::Arc;
use std::task::Poll;

use exercise::spawn_and_join::{Fetch, fetch_all};
use kit::{
    ByHand, Log, alive_tasks, blame, by_hand, counting_waker, ms, no_tasks_left, plainly, secs,
    settled, sweep, timed,
};
use tokio::time::sleep;

use crate::visible::{check, fetched, server, watched};

fn owned(urls: &[&str]) -> Vec<String> {
    urls.iter().map(|url| url.to_string()).collect()
}

#[test]
fn it_sleeps_until_a_task_has_news() {
    watched().run(async {
        // Slowest first: by finishing time this list would come out reversed.
        let urls: Vec<String> = (0..20).map(|i| format!("{i} in {}", 7_200 - 360 * i)).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let (pages, time) = fetched(&urls, server(&Log::new())).await;
        check(pages, time, &urls, secs(7_200)).await;
    });
}

#[test]
fn every_failure_stands_in_its_place() {
    watched().run(async {
        // At once, before and after its neighbours; twice the same, one after the other.
        let urls = [
            "broken in 0",
            "same in 2",
            "broken in 3",
            "same in 2",
            "last in 1",
            "broken in 1",
            "broken in 1",
        ];
        let sent = Log::new();
        let (pages, time) = fetched(&urls, server(&sent)).await;
        check(pages, time, &urls, secs(3)).await;
        let twice = sent.lines().iter().filter(|url| *url == "same in 2").count() == 2;
        plainly()
            .because("not-true", &[("what", &"what stands there twice is fetched twice")])
            .unless(twice);
        let urls = ["broken in 1"];
        let (pages, time) = fetched(&urls, server(&Log::new())).await;
        check(pages, time, &urls, secs(1)).await;
    });
}

#[test]
fn a_panic_may_say_anything() {
    watched().run(async {
        let fetch: Fetch = Arc::new(|url| {
            Box::pin(async move {
                match url.as_str() {
                    "broken text" => panic!("no such host"),
                    "broken string" => panic!("no route to {url}"),
                    "broken number" => panic_any(404_u32),
                    _ => url,
                }
            })
        });
        let urls = ["broken text", "broken string", "broken number", "page"];
        let (pages, _) = fetched(&urls, fetch).await;
        let failures: Vec<_> = pages.iter().filter_map(|page| page.as_ref().err()).collect();
        blame("swallowed-join-error").unless(pages.is_empty() || !failures.is_empty());
        plainly().unless_eq(failures.len(), 3);
        for (failed, words) in failures.iter().zip(["no such host", "no route to broken string"]) {
            plainly()
                .because("why-without-words", &[("why", &failed.why), ("words", &words)])
                .unless(failed.why.contains(words));
        }
        plainly().unless_eq(pages.get(3), Some(&Ok("page".to_owned())));
    });
}

#[test]
fn none_or_a_thousand_pages() {
    watched().run(async {
        let (pages, time) = fetched(&[], server(&Log::new())).await;
        check(pages, time, &[], secs(0)).await;
        let urls: Vec<String> = (0..1_000).map(|n| format!("{n} in 1")).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let (pages, time) = fetched(&urls, server(&Log::new())).await;
        check(pages, time, &urls, secs(1)).await;
    });
}

#[test]
fn tasks_begin_with_the_first_poll_and_need_no_other() {
    watched().run(async {
        let sent = Log::new();
        let urls = ["user in 2", "order in 1", "goods in 3"];
        let mut asked = Box::pin(fetch_all(owned(&urls), server(&sent)));
        no_tasks_left("eager-before-poll");
        sleep(secs(5)).await;
        sent.should_be(&[], "eager-before-poll");

        let (wakes, waker) = counting_waker("fetch_all");
        let mut lent = by_hand(asked.as_mut(), (&wakes, &waker));
        // Polled as long as it asks for it at once; then everybody looks away.
        let ended = matches!(settled(&mut lent, 10).await, Some(Poll::Ready(_)));
        plainly().unless(!ended);
        let tasks = alive_tasks();
        sleep(secs(5)).await;
        sent.should_be(&["order in 1", "user in 2", "goods in 3"], "inner-futures-starve");
        plainly()
            .because("tasks-alive", &[("count", &tasks), ("expected", &urls.len())])
            .unless(tasks >= urls.len());
        blame("pending-without-waker")
            .because("not-woken", &[("who", &"fetch_all")])
            .unless(lent.is_woken());
        let (pages, time) = timed(asked).await;
        check(pages, time, &urls, secs(0)).await;
    });
}

#[test]
fn dropped_half_way_it_takes_its_tasks_along() {
    watched().run(async {
        sweep(async |cut| {
            let sent = Log::new();
            let urls = ["user in 2", "order in 1", "goods in 3"];
            let (pages, time) = timed(cut.run(fetch_all(owned(&urls), server(&sent)))).await;
            let heard = sent.lines().len();
            if let Some(pages) = pages {
                check(pages, time, &urls, secs(3)).await;
            }
            // Time for the runtime to drop what was aborted, and for nothing else.
            sleep(ms(1)).await;
            no_tasks_left("dropped-handle-detaches");
            sleep(secs(5)).await;
            blame("dropped-handle-detaches").unless_eq(sent.lines().len(), heard);
        })
        .await;
    });
}
