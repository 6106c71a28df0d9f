//! The timeline of a run as an inline SVG, and as text for those who cannot
//! see it.

use std::time::Duration;

use record::Record;
use record::timeline::{self, Bar, End};

use super::html::Html;
use crate::grading::plain;
use crate::text::{say, word};

/// In units of the picture; the page scales it. Small, so that its letters can
/// be read on a phone.
const WIDTH: f64 = 420.0;
const LABELS: f64 = 84.0;
const ROW: f64 = 26.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 24.0;
/// Room for the last number on the axis.
const RIGHT: f64 = 22.0;
/// More rows hide the point.
const MOST_ROWS: usize = 12;
const MOST_LABEL: usize = 11;
/// Two numbers on the axis closer than this run into each other.
const APART: f64 = 34.0;

/// Draws what a test saw; nothing if there is nothing to see.
pub(super) fn draw(h: &mut Html, record: &Record) {
    let bars = timeline::bars(record);
    let todo = record.panic.as_ref().is_some_and(record::Panic::is_todo);
    if todo || (record.events.is_empty() && bars.is_empty()) {
        return;
    }
    if record.end_us == 0 || bars.is_empty() {
        let steps = timeline::draw(record, 60);
        if !steps.is_empty() {
            h.element("pre", "steps", steps.join("\n"));
        }
        return;
    }
    h.tag("figure", &[], |h| {
        svg(h, record, &bars[..bars.len().min(MOST_ROWS)]);
        if bars.len() > MOST_ROWS {
            let more = bars.len() - MOST_ROWS;
            h.element("figcaption", "", say("others-more", &[("count", &more)]));
        }
    });
}

fn svg(h: &mut Html, record: &Record, bars: &[Bar]) {
    let expected = record.diagnosis.as_ref().and_then(|d| d.expected_us);
    let span = record.end_us.max(expected.unwrap_or(0)).max(1) as f64;
    let x = |us: u64| LABELS + us as f64 / span * (WIDTH - LABELS - RIGHT);
    let bottom = TOP + ROW * bars.len() as f64;
    let view = format!("0 0 {WIDTH} {}", bottom + BOTTOM);
    let spoken = bars.iter().map(described).collect::<Vec<_>>().join(" ");
    h.tag("svg", &[("viewBox", &view), ("role", "img"), ("aria-label", &spoken)], |h| {
        for tick in ticks(bars, record.end_us, &x) {
            line(h, "tick", x(tick), TOP - 2.0, bottom + 4.0);
            label(h, "axis", x(tick), bottom + 18.0, &time(tick));
        }
        for (row, bar) in bars.iter().enumerate() {
            let y = TOP + ROW * row as f64;
            let name = plain::line(&bar.label, MOST_LABEL);
            label(h, "who", 0.0, y + 17.0, &name);
            let class = match bar.end {
                End::Done => "bar done",
                End::Cancelled => "bar cancelled",
                End::Open => "bar open",
            };
            let (from, to) = (x(bar.start_us), x(bar.end_us));
            let width = (to - from).max(3.0);
            let numbers = [from, y + 5.0, width, ROW - 10.0].map(|n| format!("{n:.1}"));
            let [from, top, width, height] = numbers.each_ref().map(String::as_str);
            let place =
                [("class", class), ("x", from), ("y", top), ("width", width), ("height", height)];
            h.tag("rect", &[&place[..], &[("rx", "3")]].concat(), |h| {
                h.element("title", "", described(bar));
            });
            let sign = match bar.end {
                End::Done => continue,
                End::Cancelled => "✗",
                End::Open => "…",
            };
            label(h, "end", to + 4.0, y + 17.0, sign);
        }
        if let Some(us) = expected {
            line(h, "expected", x(us), TOP - 6.0, bottom + 4.0);
            label(
                h,
                "expected",
                x(us),
                TOP - 9.0,
                &say("feedback-expected", &[("time", &time(us))]),
            );
        }
    });
}

fn line(h: &mut Html, class: &str, x: f64, from: f64, to: f64) {
    let [x, from, to] = [x, from, to].map(|n| format!("{n:.1}"));
    let place = [("class", class), ("x1", &x), ("x2", &x), ("y1", &from), ("y2", &to)];
    h.tag("line", &place, |_| ());
}

fn label(h: &mut Html, class: &str, x: f64, y: f64, text: &str) {
    let [x, y] = [x, y].map(|n| format!("{n:.1}"));
    h.tag("text", &[("class", class), ("x", &x), ("y", &y)], |h| h.text(text));
}

/// Times on the axis: the ends of the run, then whatever fits between.
fn ticks(bars: &[Bar], end_us: u64, x: &impl Fn(u64) -> f64) -> Vec<u64> {
    let mut ticks = vec![0, end_us];
    for time in bars.iter().flat_map(|b| [b.start_us, b.end_us]) {
        if ticks.iter().all(|t| (x(*t) - x(time)).abs() >= APART) {
            ticks.push(time);
        }
    }
    ticks
}

/// A piece of work in words.
fn described(bar: &Bar) -> String {
    let how = match bar.end {
        End::Done => "feedback-bar-done",
        End::Cancelled => "feedback-bar-cancelled",
        End::Open => "feedback-bar-open",
    };
    let (from, to) = (time(bar.start_us), time(bar.end_us));
    let who = plain::line(&bar.label, 60);
    say("feedback-bar", &[("who", &who), ("from", &from), ("to", &to), ("how", &word(how))])
}

fn time(us: u64) -> String {
    timeline::seconds(Duration::from_micros(us))
}
