//! The report as a person reads it: a table, then each finding in full.

use std::collections::BTreeSet;
use std::fmt::Write;

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};

use super::report::{ExerciseReport, Finding, Report, Score, Weight};
use crate::text::{say, word};
use crate::verdict::Build;

/// The whole report.
pub fn report(report: &Report) -> String {
    let mut out = format!("{}\n", table(report));
    for exercise in &report.exercises {
        out.push_str(&findings(exercise));
    }
    out.push('\n');
    out.push_str(&summary(report));
    out
}

/// A row an exercise.
fn table(report: &Report) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    let columns = [
        "exercise", "stub", "solution", "accepted", "rejected", "cases", "pitfalls", "builds",
        "result",
    ];
    table.set_header(columns.map(|c| word(&format!("gate-column-{c}"))));
    for exercise in &report.exercises {
        table.add_row([
            exercise.exercise.clone(),
            mark(exercise.stub),
            mark(exercise.solution),
            score(exercise.accepted),
            score(exercise.rejected),
            score(exercise.cases),
            score(exercise.pitfalls),
            mark(exercise.builds),
            result(exercise),
        ]);
    }
    for column in table.column_iter_mut().skip(1).take(columns.len() - 2) {
        column.set_cell_alignment(CellAlignment::Center);
    }
    table
}

fn mark(good: Option<bool>) -> String {
    match good {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "–",
    }
    .to_owned()
}

fn score(score: Score) -> String {
    match score.all {
        0 => "–".to_owned(),
        all => format!("{}/{all}{}", score.good, if score.is_full() { "" } else { " ✗" }),
    }
}

fn result(exercise: &ExerciseReport) -> String {
    match exercise.refusals() {
        0 => word("gate-ready").to_owned(),
        count => say("gate-refused", &[("count", &count)]),
    }
}

/// What an exercise lacks; nothing if it lacks nothing.
fn findings(exercise: &ExerciseReport) -> String {
    let mut out = String::new();
    if exercise.findings.is_empty() {
        return out;
    }
    let _ = write!(out, "\n{}\n", exercise.exercise);
    // One test can fail many answers: its card is shown once.
    let mut shown = BTreeSet::new();
    for finding in &exercise.findings {
        let detail = finding.detail.as_deref().filter(|d| shown.insert(*d));
        out.push_str(&one(finding, detail));
    }
    out
}

fn one(finding: &Finding, detail: Option<&str>) -> String {
    let sign = if finding.weight == Weight::Refuses { "✗" } else { "·" };
    let build = match finding.build {
        Some(Build::Module) => word("gate-in-module-build"),
        Some(Build::Crate) => word("gate-in-crate-build"),
        None => "",
    };
    let mut out = format!("  {sign} {}  {}{build}\n", finding.check.name(), finding.place());
    for line in finding.says.lines() {
        let _ = writeln!(out, "      {line}");
    }
    for line in detail.unwrap_or_default().lines() {
        let _ = writeln!(out, "        {line}");
    }
    out.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The last line: what it took, and what came of it.
fn summary(report: &Report) -> String {
    let ready = report.exercises.iter().filter(|e| e.ready).count();
    let seconds = format!("{:.1}", report.millis as f64 / 1_000.0);
    let summary = say(
        "gate-summary",
        &[
            ("ready", &ready),
            ("all", &report.exercises.len()),
            ("checks", &report.checks),
            ("cached", &report.cached),
            ("seconds", &seconds),
        ],
    );
    if report.confined { format!("{summary}\n{}", word("gate-confined")) } else { summary }
}
