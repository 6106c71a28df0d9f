//! `trace`: what the futures did, test by test.

use record::{Event, Kind, Record, timeline};

use super::args::Trace;
use super::context::Context;
use super::exit::Exit;
use super::page::{Page, Span};
use super::report::{Next, Subject};
use super::wrap::pad;
use super::{place, print, report, run, style};
use crate::problem::{Problem, Result};
use crate::text::{say, word};
use crate::verdict::{Status, TestOutcome, TestResult, Verdict};

/// More events of one test than this are only counted; the JSON has all.
const MOST_EVENTS: usize = 60;

/// Shows timelines and events; checks the exercise first if its file has
/// changed since.
///
/// # Errors
/// The check could not begin, or no test has that name.
pub fn run(args: &Trace) -> Result<Exit> {
    let context = Context::open()?;
    let exercise = context.exercise(args.name.name.as_deref())?;
    let verdict = run::verdict_of(&context, exercise, args.fresh, args.json.json)?;
    let wanted: Vec<&TestResult> = verdict
        .tests
        .iter()
        .filter(|t| args.test.as_ref().is_none_or(|name| t.name.contains(name.as_str())))
        .collect();
    if let (Some(name), true, false) = (&args.test, wanted.is_empty(), verdict.tests.is_empty()) {
        let all: Vec<&str> = verdict.tests.iter().map(TestResult::short_name).collect();
        return Err(Problem::new("unknown-test").with("name", name).with("tests", all.join(", ")));
    }
    if args.json.json {
        let records: Vec<&Record> = wanted.iter().filter_map(|t| t.record.as_ref()).collect();
        print::json(&records);
    } else {
        let subject = Subject::of(&context.kit, exercise);
        let mut page = page(&subject, &verdict, &wanted, print::width());
        let next = place::next(context.kit.catalogue(), &context.progress, &exercise.name);
        page.append(Next::Commands(next.map(|e| e.name.clone())).page(&subject, &verdict));
        print::page(&page);
    }
    Ok(match verdict.status {
        Status::Cancelled => Exit::Stopped,
        Status::Internal => Exit::Broken,
        _ => Exit::Done,
    })
}

/// All tests of a verdict, the one that it speaks of first.
pub fn page_of(subject: &Subject, verdict: &Verdict, width: usize) -> Page {
    let mut tests: Vec<&TestResult> = verdict.tests.iter().collect();
    let main = verdict.main_test().map(|t| t.name.as_str());
    tests.sort_by_key(|t| Some(t.name.as_str()) != main);
    page(subject, verdict, &tests, width)
}

fn page(subject: &Subject, verdict: &Verdict, tests: &[&TestResult], width: usize) -> Page {
    let mut page = Page::new();
    page.pieces(0, vec![report::headline(subject, verdict)]);
    page.gap();
    if tests.is_empty() {
        page.text(0, style::PLAIN, word("trace-nothing"));
    }
    for test in tests {
        one(&mut page, test, width);
        page.gap();
    }
    page
}

fn one(page: &mut Page, test: &TestResult, width: usize) {
    let (mark, how) = match test.outcome {
        TestOutcome::Passed => ("✓", style::PASSED),
        TestOutcome::NotRun => ("·", style::DIM),
        _ => ("✗", style::FAILED),
    };
    let mut title = vec![Span::new(how, format!("{mark} {}", test.name))];
    if let Some(pitfall) = test.pitfall() {
        title.push(Span::new(style::PLAIN, format!("  {pitfall}")));
    }
    page.pieces(0, title);
    let Some(record) = &test.record else {
        return page.text(2, style::PLAIN, word("trace-no-record"));
    };
    if record.events.is_empty() {
        return page.text(2, style::DIM, word("trace-no-events"));
    }
    let picture = timeline::draw(record, width.saturating_sub(4)).join("\n");
    page.block(4, style::PICTURE, &picture);
    // A run without time is drawn as its steps already.
    if record.end_us > 0 {
        page.gap();
        events(page, record);
    }
}

fn events(page: &mut Page, record: &Record) {
    let time = |e: &Event| timeline::seconds(e.at());
    let shown = &record.events[..record.events.len().min(MOST_EVENTS)];
    let width = shown.iter().map(|e| time(e).len()).max().unwrap_or(0);
    for event in shown {
        let (kind, how) = kind(event.kind);
        let time = Span::new(style::DIM, format!("{}  ", pad(&time(event), width)));
        let what = match event.kind {
            Kind::Note => event.label.clone(),
            _ => format!("{} {}", event.label, word(kind)),
        };
        page.pieces(4, vec![time, Span::new(how, what)]);
    }
    let more = record.events.len() as u64 - shown.len() as u64 + record.omitted;
    if more > 0 {
        page.text(4, style::DIM, say("trace-more-events", &[("count", &more)]));
    }
}

fn kind(kind: Kind) -> (&'static str, anstyle::Style) {
    match kind {
        Kind::Created => ("event-created", style::PLAIN),
        Kind::Polled => ("event-polled", style::PLAIN),
        Kind::Pending => ("event-pending", style::DIM),
        Kind::Woken => ("event-woken", style::CODE),
        Kind::Ready => ("event-ready", style::GOOD),
        Kind::Dropped => ("event-dropped", style::DIM),
        Kind::Cancelled => ("event-cancelled", style::WARN),
        Kind::Note => ("event-note", style::PLAIN),
    }
}
