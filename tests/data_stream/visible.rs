//! What every learner sees: one item of the stream, `process` alone, and both together.

use std::fmt::{Display, Formatter, Result};
use std::pin::pin;

use exercise::data_stream::{DataStream, process};
use futures::poll;
use kit::{Log, blame, due, mock_stream, ms, no_tasks_left, plainly, run, secs, timed, took};
use tokio::task::coop::{consume_budget, has_budget_remaining};

/// Not Clone: a stream gives its items away.
struct Page(u8);

impl Display for Page {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "page {}", self.0)
    }
}

#[test]
fn an_item_comes_half_a_second_after_it_was_asked_for() {
    run(async {
        let pages = DataStream::new(vec![Page(1), Page(2)], ms(500));
        let mut stream = mock_stream("The stream", pages);
        // Polls, lets the time go by, polls again.
        let page = due(&mut stream, ms(500)).await;
        plainly().unless_eq(page.0, 1);
        // Another item, another wait: the first one is over.
        stream.expect_pending("repoll-after-ready");
    });
}

#[test]
fn process_works_on_each_item_for_a_fifth_of_a_second() {
    run(async {
        // Nobody has to wait for these items: what takes time is the work.
        let log = Log::new();
        let mut work = pin!(process(futures::stream::iter(1..=5), &log));
        if poll!(work.as_mut()).is_ready() {
            no_tasks_left("dropped-handle-detaches"); // somebody else works on them
            // A timer was awaited, and was over at once, as the first tick of an
            // interval is? Timers say "not now" to a task that has had its share.
            while has_budget_remaining() {
                consume_budget().await;
            }
            let again = poll!(pin!(process(futures::stream::iter([1]), &log)));
            let times: [(&str, &dyn Display); 2] = [("took", &"0s"), ("expected", &"1s")];
            plainly().because("took-too-little", &times).unless(again.is_ready());
            took(ms(0)).should_be(secs(1)); // not awaited, or the thread slept
        }
        let ((), time) = timed(work).await;
        // All five at once, and no limit.
        blame("unbounded-fanout").unless(time != ms(200) || log.lines().len() < 5);
        let all = log.lines().len() > 5;
        blame("std-instant-under-virtual-clock")
            .because("waited-outside", &[])
            .unless(!all || !time.is_zero());
        plainly().unless_eq(time, secs(1));
        plainly().unless_eq(log.lines().last().map(String::as_str), Some("done"));
    });
}

#[test]
fn four_items_take_four_waits_and_four_times_the_work() {
    run(async {
        let log = Log::new();
        let pages = vec![Page(1), Page(2), Page(3), Page(4)];
        process(DataStream::new(pages, ms(500)), &log).await;
        let wanted = [
            "processing page 1",
            "processing page 2",
            "processing page 3",
            "processing page 4",
            "done",
        ];
        plainly().unless_eq(log.lines(), wanted);
        plainly().unless_eq(log.instants(), [500, 1_200, 1_900, 2_600, 2_800].map(ms));
    });
}
