//! What people see: records, cards, timelines.

use kit::{Log, blame, capture, mock, note, run, run_sync, secs, span, timed, took, trace, traced};
use record::{Outcome, Record, card};
use tokio::time::sleep;

async fn fetch(name: &str, seconds: u64) {
    let _span = span(name);
    sleep(secs(seconds)).await;
}

fn card_of(record: &Record) -> String {
    // The pitfall's own words may change; the shape of the card may not.
    let lines = card::lines(record, "gather_fetch", Some("The test wants: 3 s."), 76);
    let told = [card::Role::Say, card::Role::Python];
    lines
        .iter()
        .map(|l| match told.contains(&l.role) {
            true => format!("{:?}\n", l.role),
            false => format!("{}\n", l.text),
        })
        .collect()
}

#[test]
fn the_card_of_sequential_awaits() {
    let record = capture(|| {
        run(async {
            let (_, time) = timed(async {
                fetch("user", 2).await;
                fetch("order", 3).await;
                fetch("goods", 1).await;
            })
            .await;
            took(time).should_be(secs(3));
        });
    });
    insta::assert_snapshot!(card_of(&record), @r"
    ✗ gather_fetch: sequential-awaits
    The test wants: 3 s.
    6s of virtual time for work that takes 3s.
    Say

    user    █████████████
    order                ████████████████████
    goods                                    ███████
            0s           2s                  5s     6s  (expected 3s)

    Python
    More: cargo learn explain sequential-awaits
    ");
}

#[test]
fn the_timeline_of_work_at_once_and_of_a_loser() {
    let record = capture(|| {
        run(async {
            let slow = traced("slow", sleep(secs(5)));
            let quick = traced("quick", sleep(secs(2)));
            tokio::select! { () = slow => {}, () = quick => {} }
            let _open = span("open");
            sleep(secs(1)).await;
            blame("loser-kept-alive").now();
        });
    });
    insta::assert_snapshot!(card_of(&record), @r"
    ✗ gather_fetch: loser-kept-alive
    The test wants: 3 s.
    Say

    slow    ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒✗
    quick   ██████████████████████████
    open                              ▒▒▒▒▒▒▒▒▒▒▒▒▒▒…
            0s                        2s            3s

    Python
    More: cargo learn explain loser-kept-alive
    ");
}

#[test]
fn the_steps_of_a_future_polled_by_hand() {
    let record = capture(|| {
        run_sync(|| {
            let mut slot = mock("slot", std::future::pending::<()>());
            slot.expect_pending("never-yields");
            note("set(7)");
            slot.expect_woken("pending-without-waker");
        });
    });
    insta::assert_snapshot!(card_of(&record), @r"
    ✗ gather_fetch: pending-without-waker
    The test wants: 3 s.
    slot returned Pending. Now it can go on, and nobody woke the task.
    Say

     1. slot polled → Pending
     2. set(7)

    Python
    More: cargo learn explain pending-without-waker
    ");
}

#[test]
fn the_trace_of_a_schedule() {
    run(async {
        let log = Log::new();
        tokio::join!(traced("a", sleep(secs(2))), async {
            let _span = span("b");
            sleep(secs(1)).await;
            log.add("b is done");
        });
        insta::assert_snapshot!(trace(), @r"
        t=     0 a Created
        t=     0 a Polled
        t=     0 a Pending
        t=     0 b Created
        t=  1000 b is done Note
        t=  1000 b Dropped
        t=  1000 a Polled
        t=  1000 a Pending
        t=  2000 a Polled
        t=  2000 a Ready
        t=  2000 a Dropped
        ");
    });
}

#[test]
fn a_panic_of_the_answer_is_told_with_its_place() {
    let record = capture(|| run(async { panic!("index {}", 7) }));
    let panic = record.panic.as_ref().unwrap();
    assert_eq!(panic.message, "index 7");
    assert!(panic.location.as_ref().unwrap().contains("report.rs"), "{panic:?}");
    assert!(!panic.is_todo());

    let record = capture(|| run_sync(|| todo!()));
    assert!(record.panic.as_ref().unwrap().is_todo());
    assert_eq!(record.outcome, Outcome::Failed);
}

#[test]
fn a_caught_panic_is_no_failure() {
    let record = capture(|| {
        run(async {
            let failed = tokio::spawn(async { panic!("inside") }).await;
            assert!(failed.unwrap_err().is_panic());
        });
    });
    assert_eq!((record.outcome, record.panic), (Outcome::Passed, None));
}

#[test]
fn a_record_survives_its_json() {
    let record = capture(|| {
        run(async {
            fetch("user", 1).await;
            blame("busy-wake").because("poll-cap", &[("count", &3)]).now();
        });
    });
    assert_eq!(Record::parse(&record.to_json()), Ok(record.clone()));
    let newer = record.to_json().replacen("\"version\":1", "\"version\":99", 1);
    assert!(Record::parse(&newer).unwrap_err().contains("99"));
}

#[test]
fn a_flood_of_events_is_counted_not_kept() {
    let record = capture(|| run_sync(|| (0..2_500).for_each(|_| note("x"))));
    assert_eq!((record.events.len(), record.omitted), (2_000, 500));
}

#[test]
fn a_card_without_a_pitfall_says_what_to_do_next() {
    let card = |record: &Record| card::plain_and_alone(record, "kitchen", Some("Dinner is ready."));
    let mut todo = capture(|| run_sync(|| todo!()));
    todo.test = "visible::dinner".to_owned();
    let place = "tests/kitchen/../../exercises/01_first_awaits/kitchen.rs:40:5";
    todo.panic.as_mut().unwrap().location = Some(place.to_owned());
    insta::assert_snapshot!(card(&todo), @r"
    ✗ kitchen: dinner
      Dinner is ready.
      Not written yet: exercises/01_first_awaits/kitchen.rs:40:5
      Help: cargo learn hint kitchen
    ");
    assert_eq!(card(&capture(|| run(async {}))), "");

    let named = capture(|| run(async { blame("busy-wake").now() }));
    assert!(card(&named).ends_with("More: cargo learn explain busy-wake\n"), "{}", card(&named));
}

#[test]
fn a_record_is_small_whatever_an_answer_writes() {
    let flood = "ä".repeat(1_000_000);
    let log = |line: &str| {
        let log = Log::new();
        (0..3_000).for_each(|_| log.add(line));
        log
    };
    let by_log = capture(|| run_sync(|| log(&flood[..5_000]).should_be(&[], "busy-wake")));
    let by_value = capture(|| run_sync(|| kit::plainly().unless_eq(&*flood, "")));
    let by_panic = capture(|| run_sync(|| panic!("{flood}")));
    for record in [by_log, by_value, by_panic] {
        assert_eq!(record.outcome, Outcome::Failed);
        let size = record.to_json().len();
        assert!(size < 512 * 1024, "{size} bytes");
        let card = card::plain(&record, "kitchen", None);
        assert!(card.contains('…') && card.len() < 10_000, "{card}");
    }
}
