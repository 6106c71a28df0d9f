//! Timelines of records that no run of the kit would make on purpose.

use record::timeline::{End, bars, draw, seconds};
use record::{Diagnosis, Event, Kind, Outcome, Record, VERSION};
use unicode_width::UnicodeWidthStr;

use std::time::Duration;

fn record(end_ms: u64, events: &[(u64, &str, Kind)]) -> Record {
    let events = events
        .iter()
        .map(|(ms, label, kind)| Event { at_us: ms * 1000, label: (*label).into(), kind: *kind })
        .collect();
    Record {
        version: VERSION,
        test: "hidden::t".into(),
        outcome: Outcome::Failed,
        diagnosis: Some(Diagnosis { expected_us: Some(1_000_000), ..Diagnosis::default() }),
        panic: None,
        end_us: end_ms * 1000,
        events,
        omitted: 0,
    }
}

#[test]
fn bars_of_two_with_one_name_end_in_order() {
    use Kind::{Cancelled, Created, Ready};
    let events = [
        (0, "a", Created),
        (0, "a", Created),
        (1, "a", Ready),
        (3, "a", Cancelled),
        (3, "b", Created),
    ];
    let bars = bars(&record(5, &events));
    let seen: Vec<_> = bars.iter().map(|b| (b.start_us, b.end_us, b.end)).collect();
    assert_eq!(
        seen,
        [(0, 1_000, End::Done), (0, 3_000, End::Cancelled), (3_000, 5_000, End::Open)]
    );
}

#[test]
fn an_end_without_a_beginning_is_not_drawn() {
    assert!(bars(&record(5, &[(1, "a", Kind::Ready)])).is_empty());
}

#[test]
fn wide_letters_line_up() {
    let events = [
        (0, "用户", Kind::Created),
        (1_000, "用户", Kind::Ready),
        (1_000, "order", Kind::Created),
        (2_000, "order", Kind::Ready),
    ];
    let lines = draw(&record(2_000, &events), 60);
    insta::assert_snapshot!(lines.join("\n"), @r"
    用户    ██████████████████
    order                     ███████████████████
            0s                1s                 2s  (expected 1s)
    ");
}

#[test]
fn no_width_and_no_number_of_rows_breaks_it() {
    let names: Vec<String> = (0..50).map(|i| format!("a rather long name, number {i}")).collect();
    let events: Vec<_> = names
        .iter()
        .enumerate()
        .flat_map(|(i, n)| {
            let at = i as u64 * 10;
            [(at, n.as_str(), Kind::Created), (at + 7, n.as_str(), Kind::Dropped)]
        })
        .collect();
    for width in [0, 1, 20, 40, 76, 200] {
        let lines = draw(&record(500, &events), width);
        assert_eq!(lines.len(), 12 + 2, "twelve rows, what is left out, the axis");
        assert!(lines[12].contains("38"), "{lines:?}");
        assert!(lines.iter().all(|l| l.width() <= width.max(60)), "{width}: {lines:#?}");
    }
}

#[test]
fn without_time_there_are_steps() {
    let mut events = vec![(0, "slot", Kind::Created)];
    for _ in 0..3 {
        events.extend([(0, "slot", Kind::Polled), (0, "slot", Kind::Pending)]);
    }
    events.extend([
        (0, "set(7)", Kind::Note),
        (0, "slot", Kind::Woken),
        (0, "slot", Kind::Polled),
        (0, "slot", Kind::Ready),
    ]);
    let lines = draw(&record(0, &events), 60);
    insta::assert_snapshot!(lines.join("\n"), @r"
     1. slot created
     2. slot polled → Pending  (×3)
     3. set(7)
     4. slot woken
     5. slot polled → Ready
    ");
}

#[test]
fn durations_are_said_as_people_say_them() {
    let said =
        [0, 1, 1_500, 20_000, 1_000_000, 1_500_000, 119_000_000, 3_300_000_000, 86_400_000_000]
            .map(|us| seconds(Duration::from_micros(us)));
    assert_eq!(said, ["0s", "1µs", "1.5ms", "20ms", "1s", "1.5s", "119s", "55min", "24h"]);
}
