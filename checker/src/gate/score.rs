//! From findings to a row of the table.

use super::judge::{Checked, Judge, is_refused_as, is_right};
use super::report::{Check, ExerciseReport, Finding, Score};
use super::sources::{Answer, Role};
use crate::verdict::Verdict;

/// The report on an exercise with these findings.
pub fn report(judge: &Judge<'_>, found: Vec<Finding>) -> ExerciseReport {
    let evidence = judge.evidence;
    let mut findings = merged(found, evidence.builds.len());
    findings.sort_by(|a, b| (a.check, &a.path, a.line).cmp(&(b.check, &b.path, b.line)));
    let one = |role: Role, check: Check| {
        let was_run = !judge.on(|r| *r == role).is_empty();
        was_run.then(|| !findings.iter().any(|f| f.check == check))
    };
    let mut pitfalls = Score::default();
    for id in &evidence.exercise.pitfalls {
        pitfalls.count(judge.is_caught(id));
    }
    let is_of_one_build = |f: &Finding| f.check == Check::Builds || f.build.is_some();
    let was_run_in_both = evidence.builds.len() > 1 && !evidence.checked.is_empty();
    let mut report = ExerciseReport {
        exercise: evidence.exercise.name.clone(),
        ready: false,
        stub: one(Role::Stub, Check::Stub),
        solution: one(Role::Solution, Check::Solution),
        accepted: answers(judge, &|r| *r == Role::Accepted, &|_, v| is_right(v)),
        rejected: answers(
            judge,
            &|r| matches!(r, Role::Rejected(_)),
            &|a, v| matches!(&a.role, Role::Rejected(wanted) if is_refused_as(v, wanted)),
        ),
        cases: cases(judge),
        pitfalls,
        builds: was_run_in_both.then(|| !findings.iter().any(is_of_one_build)),
        findings,
    };
    report.ready = report.refusals() == 0;
    report
}

/// What was seen in every build is said once.
fn merged(found: Vec<Finding>, builds: usize) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    for finding in found {
        let same = |other: &&mut Finding| {
            builds > 1
                && other.build.is_some()
                && finding.build.is_some()
                && other.build != finding.build
                && (other.check, &other.path, other.line, &other.says)
                    == (finding.check, &finding.path, finding.line, &finding.says)
        };
        match merged.iter_mut().find(same) {
            Some(first) => first.build = None,
            None => merged.push(finding),
        }
    }
    merged
}

/// How many answers in a role are as they should be, in every build.
fn answers(
    judge: &Judge<'_>,
    in_role: &dyn Fn(&Role) -> bool,
    is_good: &dyn Fn(&Answer, &Verdict) -> bool,
) -> Score {
    let mut score = Score::default();
    let on = judge.on(in_role);
    for answer in judge.evidence.sources.with(in_role) {
        let mut all = on.iter().filter(|(a, _)| a.path == answer.path).peekable();
        let was_run = all.peek().is_some();
        score.count(was_run && all.all(|(a, c)| is_good(a, &c.verdict)));
    }
    score
}

/// How many compile-fail cases hold against every right answer.
fn cases(judge: &Judge<'_>) -> Score {
    let mut score = Score::default();
    let right = judge.on(|r| matches!(r, Role::Solution | Role::Accepted));
    for case in &judge.evidence.sources.cases {
        let name = case.file_stem().unwrap_or_default().to_string_lossy();
        let holds = |c: &Checked| c.verdict.misuse.iter().any(|m| m.name == name && m.holds);
        score.count(!right.is_empty() && right.iter().all(|(_, c)| holds(c)));
    }
    score
}
