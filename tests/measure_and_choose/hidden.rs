//! The rest of the contract: pages that fail, that differ, that are not there at all.

use std::cell::Cell;
use std::time::Duration;

use exercise::measure_and_choose::{Comparison, Fetch, Model, NoAnswer, compare};
use kit::{blame, lab, ms, plainly, run, run_sync, secs};
use tokio::time::sleep;

use crate::visible::{Site, chosen, measured};

#[test]
fn a_page_without_an_answer_is_an_outcome() {
    run(async {
        let site = Site::new(&[("/a", 1, 200), ("/gone", 2, 0), ("/b", 3, 200)]);
        let compared = site.compared(&["/a", "/gone", "/b"]).await;
        site.was_asked_at(&[0, 1, 3], &[6, 6, 6]);
        blame("one-failure-kills-all").unless_eq(compared.outcomes.len(), 3);
        // Nobody was left before it had come to its end.
        blame("one-failure-kills-all").unless_eq(site.log.lines().len(), 6);
        measured(&compared, secs(6), secs(3));
        plainly().unless_eq(compared.outcomes.as_slice(), [Ok(200), Err(NoAnswer), Ok(200)]);
        plainly().unless_eq(compared.speedup(), 2.0);
    });
}

#[test]
fn outcomes_come_in_the_order_of_the_addresses() {
    run(async {
        let site = Site::new(&[("/slow", 4, 201), ("/fast", 1, 202), ("/fair", 3, 203)]);
        let compared = site.compared(&["/slow", "/fast", "/fair", "/fast"]).await;
        site.was_asked_at(&[0, 4, 5, 8], &[9, 9, 9, 9]);
        let expected = [Ok(201), Ok(202), Ok(203), Ok(202)];
        blame("result-order-mixup").unless_eq(compared.outcomes.as_slice(), expected);
        measured(&compared, secs(9), secs(4));
        plainly().unless_eq(compared.speedup(), 2.25);
    });
}

#[test]
fn outcomes_are_those_of_the_second_time() {
    run(async {
        let compared = compare(&Counting(Cell::new(0)), &["/a", "/b", "/c"]).await;
        plainly().unless_eq(compared.outcomes.as_slice(), [Ok(4), Ok(5), Ok(6)]);
    });
}

#[test]
fn a_thousand_pages_take_no_longer_than_one() {
    run(async {
        let urls: Vec<String> = (0..1_000).map(|number| format!("/{number}")).collect();
        let pages: Vec<_> = urls.iter().map(|url| (url.as_str(), 1, 200)).collect();
        let site = Site::new(&pages);
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let compared = site.compared(&urls).await;
        let turns: Vec<u64> = (0..1_000).collect();
        site.was_asked_at(&turns, &[1_000; 1_000]);
        measured(&compared, secs(1_000), secs(1));
        plainly().unless_eq(compared.speedup(), 1_000.0);
    });
}

#[test]
fn nothing_is_as_fast_as_nothing() {
    lab().hang_means("buffered-zero-hang").run(async {
        let compared = Site::new(&[]).compared(&[]).await;
        plainly().unless_eq(compared.outcomes.len(), 0);
        plainly().unless_eq(compared.speedup(), 1.0);
        // Pages that take no time.
        let site = Site::new(&[("/", 0, 200)]);
        let compared = site.compared(&["/", "/"]).await;
        measured(&compared, secs(0), secs(0));
        plainly().unless_eq(compared.speedup(), 1.0);
    });
}

#[test]
fn speedup_is_a_number_of_times() {
    run_sync(|| {
        let faster = |one_by_one, together| {
            Comparison { one_by_one, together, outcomes: Vec::new() }.speedup()
        };
        plainly().unless_eq(faster(ms(1_500), ms(500)), 3.0);
        plainly().unless_eq(faster(ms(1), ms(4)), 0.25);
        let micros = Duration::from_micros;
        plainly().unless_eq(faster(micros(1_500), micros(500)), 3.0);
        plainly().unless_eq(faster(secs(7), secs(7)), 1.0);
        plainly().unless_eq(faster(secs(0), secs(2)), 0.0);
        plainly().unless_eq(faster(secs(2), secs(0)), f64::INFINITY);
    });
}

#[test]
fn long_is_a_millisecond_or_more() {
    run_sync(|| {
        chosen(2, (1_000, 999), Model::Async);
        chosen(2, (999, 1_000), Model::Threads);
        chosen(2, (1_000, 1_000), Model::AsyncPlusThreads);
        chosen(2, (999, 999), Model::Plain);
        chosen(1_000_000, (0, 0), Model::Plain);
        // However many jobs there are, and however long each of them takes.
        for jobs in [2, 1_000_000] {
            for long in [2_000, 3_600_000_000] {
                chosen(jobs, (long, 10), Model::Async);
                chosen(jobs, (10, long), Model::Threads);
                chosen(jobs, (long, long), Model::AsyncPlusThreads);
            }
        }
    });
}

#[test]
fn one_job_has_nobody_to_wait_beside() {
    run_sync(|| {
        for jobs in [0, 1] {
            chosen(jobs, (60_000_000, 0), Model::Plain);
            chosen(jobs, (0, 60_000_000), Model::Plain);
            chosen(jobs, (60_000_000, 60_000_000), Model::Plain);
        }
    });
}

/// Each answer is one more than the last one.
struct Counting(Cell<u16>);

impl Fetch for Counting {
    async fn fetch(&self, _: &str) -> Result<u16, NoAnswer> {
        let answer = self.0.get() + 1;
        self.0.set(answer);
        sleep(ms(10)).await;
        Ok(answer)
    }
}
