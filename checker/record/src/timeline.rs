//! Pictures of a run in plain text.
//!
//! A run that took virtual time becomes bars on a time axis; a run in which no
//! time passed (a future polled by hand) becomes a numbered list of steps.

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use crate::text;
use crate::{Event, Kind, Record};

/// More rows than this hide the point; the rest is counted in one line.
const MAX_ROWS: usize = 12;
/// Likewise for steps.
const MAX_STEPS: usize = 24;
/// Labels are cut to this many columns.
const MAX_LABEL: usize = 16;

/// Draws the record's events, at most `width` columns wide. Empty if nothing
/// worth a picture happened.
pub fn draw(record: &Record, width: usize) -> Vec<String> {
    if record.end_us > 0 {
        let bars = bars(record);
        if !bars.is_empty() {
            return draw_bars(record, &bars, width);
        }
    }
    draw_steps(record)
}

/// How a piece of work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It finished.
    Done,
    /// It was dropped before it finished.
    Cancelled,
    /// It was still there when the run ended.
    Open,
}

/// One piece of work on the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its name.
    pub label: String,
    /// When it began, in microseconds of virtual time.
    pub start_us: u64,
    /// When it ended, or the end of the run.
    pub end_us: u64,
    /// How it ended.
    pub end: End,
}

/// The pieces of work in a record, in order of their beginning. Work that has
/// no beginning in the record is not drawn.
pub fn bars(record: &Record) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    for event in &record.events {
        let ended = |end| (event.at_us, end);
        let (end_us, end) = match event.kind {
            Kind::Created => {
                bars.push(Bar {
                    label: event.label.clone(),
                    start_us: event.at_us,
                    end_us: record.end_us.max(event.at_us),
                    end: End::Open,
                });
                continue;
            }
            Kind::Ready | Kind::Dropped => ended(End::Done),
            Kind::Cancelled => ended(End::Cancelled),
            _ => continue,
        };
        // Of two with one name, the one that began first ends first: right for
        // work in sequence, and a fair guess otherwise.
        if let Some(bar) = bars.iter_mut().find(|b| b.end == End::Open && b.label == event.label) {
            (bar.end_us, bar.end) = (end_us, end);
        }
    }
    bars
}

fn draw_bars(record: &Record, bars: &[Bar], width: usize) -> Vec<String> {
    let shown = &bars[..bars.len().min(MAX_ROWS)];
    let label_width = shown.iter().map(|b| clip(&b.label).width()).max().unwrap_or(0);
    let expected = record.diagnosis.as_ref().and_then(|d| d.expected_us);
    let note = expected.map(|us| {
        let args =
            crate::Fact::new("timeline-expected").with("time", seconds(Duration::from_micros(us)));
        text::sentence(&args)
    });
    let note_width = note.as_ref().map_or(0, |n| n.width() + 2);
    let span_us = record.end_us.max(expected.unwrap_or(0)).max(1);
    let axis = width.saturating_sub(label_width + 3 + note_width).clamp(12, 40);
    let column = |us: u64| (us as u128 * axis as u128 / span_us as u128) as usize;

    let mut lines: Vec<String> = shown
        .iter()
        .map(|bar| {
            let (from, to) = (column(bar.start_us), column(bar.end_us));
            let (body, tip) = match bar.end {
                End::Done => ("█", ""),
                End::Cancelled => ("▒", "✗"),
                End::Open => ("▒", "…"),
            };
            let length = if to > from { to - from } else { 1 };
            format!(
                "{}   {}{}{tip}",
                pad(&clip(&bar.label), label_width),
                " ".repeat(from),
                body.repeat(length)
            )
        })
        .collect();
    if bars.len() > MAX_ROWS {
        let more = crate::Fact::new("timeline-more").with("count", bars.len() - MAX_ROWS);
        lines.push(text::sentence(&more));
    }
    let mut ruler =
        format!("{}   {}", " ".repeat(label_width), ticks(shown, record.end_us, axis, column));
    if let Some(note) = note {
        ruler = format!("{}  {note}", pad(&ruler, label_width + 3 + axis));
    }
    lines.push(ruler);
    lines.into_iter().map(|l| l.trim_end().to_owned()).collect()
}

/// The axis under the bars: the times where something began or ended, as many
/// as fit, the end of the run always.
fn ticks(bars: &[Bar], end_us: u64, axis: usize, column: impl Fn(u64) -> usize) -> String {
    let mut times: Vec<u64> = bars.iter().flat_map(|b| [b.start_us, b.end_us]).collect();
    times.push(0);
    times.sort_unstable();
    times.dedup();
    times.retain(|t| *t != end_us);
    let last = seconds(Duration::from_micros(end_us));
    let mut ruler = String::new();
    for time in times {
        let tick = seconds(Duration::from_micros(time));
        let at = column(time);
        let fits = ruler.is_empty() || at > ruler.width();
        if fits && at + tick.width() < column(end_us).min(axis) {
            ruler = format!("{}{tick}", pad(&ruler, at));
        }
    }
    format!("{}{last}", pad(&ruler, column(end_us).max(ruler.width() + 1)))
}

fn draw_steps(record: &Record) -> Vec<String> {
    let mut steps: Vec<(String, usize)> = Vec::new();
    let mut events = record.events.iter().peekable();
    while let Some(event) = events.next() {
        let step = describe(event, events.peek().copied());
        if event.kind == Kind::Polled && result_of(event, events.peek().copied()).is_some() {
            events.next();
        }
        match steps.last_mut() {
            Some((last, times)) if *last == step => *times += 1,
            _ => steps.push((step, 1)),
        }
    }
    let count = steps.len();
    let mut lines: Vec<String> = steps
        .into_iter()
        .take(MAX_STEPS)
        .enumerate()
        .map(|(i, (step, times))| {
            let times = if times > 1 { format!("  (×{times})") } else { String::new() };
            format!("{:>2}. {step}{times}", i + 1)
        })
        .collect();
    if count > MAX_STEPS {
        lines
            .push(text::sentence(&crate::Fact::new("steps-more").with("count", count - MAX_STEPS)));
    }
    lines
}

/// What a poll returned, if the next event says so.
fn result_of<'a>(event: &Event, next: Option<&'a Event>) -> Option<&'a Event> {
    next.filter(|n| n.label == event.label && matches!(n.kind, Kind::Pending | Kind::Ready))
}

fn describe(event: &Event, next: Option<&Event>) -> String {
    let key = match event.kind {
        Kind::Note => return event.label.clone(),
        Kind::Polled => match result_of(event, next).map(|n| n.kind) {
            Some(Kind::Pending) => "step-polled-pending",
            Some(_) => "step-polled-ready",
            None => "step-polled",
        },
        Kind::Created => "step-created",
        Kind::Pending => "step-pending",
        Kind::Ready => "step-ready",
        Kind::Woken => "step-woken",
        Kind::Dropped => "step-dropped",
        Kind::Cancelled => "step-cancelled",
    };
    text::sentence(&crate::Fact::new(key).with("who", &event.label))
}

/// A duration as people say it: `0s`, `1.5s`, `20ms`, `55min`, `24h`.
pub fn seconds(d: Duration) -> String {
    let us = d.as_micros() as u64;
    let (unit, name): (u64, &str) = match us {
        0 => return "0s".to_owned(),
        _ if us < 1_000 => (1, "µs"),
        _ if us < 1_000_000 => (1_000, "ms"),
        _ if us < 120_000_000 => (1_000_000, "s"),
        _ if us < 7_200_000_000 => (60_000_000, "min"),
        _ => (3_600_000_000, "h"),
    };
    let whole = format!("{:.3}", us as f64 / unit as f64);
    format!("{}{name}", whole.trim_end_matches('0').trim_end_matches('.'))
}

fn clip(label: &str) -> String {
    if label.width() <= MAX_LABEL {
        return label.to_owned();
    }
    let mut kept = String::new();
    for c in label.chars() {
        if kept.width() >= MAX_LABEL - 1 {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// Pads to `width` columns as a terminal counts them.
fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}
