//! From verdicts to findings: what each answer should have been told, and was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use record::Fact;

use super::explain::{explain, name_of, name_of_end};
use super::report::{Check, ExerciseReport, Finding};
use super::score;
use super::sources::{Answer, Role, Sources};
use crate::catalogue::Exercise;
use crate::kit::{ExerciseText, Kit};
use crate::verdict::{Build, Source, Status, TestOutcome, Verdict};

/// A verdict on one of the exercise's answers.
pub struct Checked {
    /// Index into [`Sources::answers`].
    pub answer: usize,
    /// Which build.
    pub build: Build,
    /// What the engine said.
    pub verdict: Verdict,
}

/// All that is known of an exercise when everything has run.
pub struct Evidence<'a> {
    /// The kit.
    pub kit: &'a Kit,
    /// The exercise.
    pub exercise: &'a Exercise,
    /// Its files.
    pub sources: &'a Sources,
    /// The verdicts, in any order.
    pub checked: &'a [Checked],
    /// The builds that were asked for.
    pub builds: &'a [Build],
    /// The solution ran in the sandbox, in the grader's build.
    pub confined: bool,
}

/// Judges an exercise. `found` is what was seen without the engine.
pub fn judge(evidence: &Evidence<'_>, mut found: Vec<Finding>) -> ExerciseReport {
    let text = evidence.kit.text(evidence.exercise).ok();
    let judge = Judge { evidence, text };
    found.extend(judge.stub());
    found.extend(judge.solution());
    found.extend(judge.records());
    found.extend(judge.accepted());
    found.extend(judge.rejected());
    found.extend(judge.uncaught());
    found.extend(judge.cases());
    found.extend(judge.unsteady());
    found.extend(judge.builds());
    score::report(&judge, found)
}

/// Goes through the evidence.
pub struct Judge<'a> {
    /// All that is known.
    pub evidence: &'a Evidence<'a>,
    text: Option<ExerciseText>,
}

impl<'a> Judge<'a> {
    /// The verdicts on the answers in a role.
    pub fn on(&self, wanted: impl Fn(&Role) -> bool) -> Vec<(&'a Answer, &'a Checked)> {
        let answers = &self.evidence.sources.answers;
        let checked = self.evidence.checked.iter().map(|c| (&answers[c.answer], c));
        checked.filter(|(a, _)| wanted(&a.role)).collect()
    }

    fn finding(&self, check: Check, fact: Fact, answer: &Path, checked: &Checked) -> Finding {
        let finding = Finding::new(check, fact).at(self.evidence.kit, answer).detail(explain(
            &checked.verdict,
            self.evidence.exercise,
            self.text.as_ref(),
        ));
        // Seen in the only build in which this answer had its turn, it says nothing
        // of the other.
        let same = self.evidence.checked.iter().filter(|c| c.answer == checked.answer);
        let by_turns = same.count() < self.evidence.builds.len();
        if by_turns { finding } else { finding.in_build(checked.build) }
    }

    /// The checker failed, which says nothing of the answer.
    fn not_checked(&self, check: Check, answer: &Answer, checked: &Checked) -> Option<Finding> {
        let failed = checked.verdict.status == Status::Internal;
        failed.then(|| self.finding(check, Fact::new("gate-internal"), &answer.path, checked))
    }

    fn stub(&self) -> Vec<Finding> {
        let wanted = &self.evidence.exercise.stub;
        let mut found = Vec::new();
        for (answer, checked) in self.on(|r| *r == Role::Stub) {
            let verdict = &checked.verdict;
            if let Some(finding) = self.not_checked(Check::Stub, answer, checked) {
                found.push(finding);
                continue;
            }
            let finding = |fact| self.finding(Check::Stub, fact, &answer.path, checked);
            let pitfall = verdict.main.as_ref().and_then(|m| m.pitfall.as_deref());
            let is_as_wanted = match wanted.as_str() {
                "todo" => pitfall.is_none() && verdict.main_test().is_some_and(|t| t.is_todo()),
                id => pitfall == Some(id),
            };
            if verdict.status == Status::Passed {
                found.push(finding(Fact::new("gate-stub-passes")));
            } else if !is_as_wanted && !is_told_by_recordless(verdict) {
                let is_refused_by_rustc = verdict.errors().next().is_some();
                let key = if is_refused_by_rustc { "gate-stub-errors" } else { "gate-stub-reason" };
                let fact = Fact::new(key).with("wanted", wanted).with("got", name_of(verdict));
                found.push(finding(fact));
            }
            // A stub that passes as a whole has said so already.
            let passing = verdict.tests.iter().filter(|t| t.outcome == TestOutcome::Passed);
            for test in passing.filter(|_| verdict.status != Status::Passed) {
                let fact = Fact::new("gate-stub-test-passes").with("test", &test.name);
                found.push(finding(fact).detail(""));
            }
        }
        found
    }

    fn solution(&self) -> Vec<Finding> {
        let refused = self.on(|r| *r == Role::Solution).into_iter().filter(|(_, checked)| {
            !is_right(&checked.verdict) && !is_only_recordless(&checked.verdict)
        });
        refused.map(|(a, c)| self.right_answer_refused(Check::Solution, a, c)).collect()
    }

    fn accepted(&self) -> Vec<Finding> {
        let refused = self
            .on(|r| *r == Role::Accepted)
            .into_iter()
            .filter(|(_, c)| !is_right(&c.verdict) && !is_only_recordless(&c.verdict));
        refused.map(|(a, c)| self.right_answer_refused(Check::Accepted, a, c)).collect()
    }

    fn right_answer_refused(&self, check: Check, answer: &Answer, checked: &Checked) -> Finding {
        if let Some(finding) = self.not_checked(check, answer, checked) {
            return finding;
        }
        let is_confined = self.evidence.confined && checked.build == Build::Crate;
        let key = match check {
            Check::Solution if is_confined => "gate-solution-refused-confined",
            Check::Solution => "gate-solution-refused",
            _ => "gate-accepted-refused",
        };
        let fact = Fact::new(key).with("got", name_of(&checked.verdict));
        self.finding(check, fact, &answer.path, checked)
    }

    /// A test that is not run by the kit passes without a record, and would
    /// never count.
    fn records(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for (_, checked) in self.on(|r| *r == Role::Solution) {
            for test in checked.verdict.tests.iter().filter(|t| is_recordless(t)) {
                let module = if test.hidden { "hidden.rs" } else { "visible.rs" };
                let path = self.evidence.kit.tests(self.evidence.exercise).join(module);
                let fact = Fact::new("gate-no-record").with("test", &test.name);
                found.push(
                    Finding::new(Check::Records, fact)
                        .at(self.evidence.kit, &path)
                        .in_build(checked.build),
                );
            }
        }
        found
    }

    fn rejected(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for (answer, checked) in self.on(|r| matches!(r, Role::Rejected(_))) {
            let Role::Rejected(wanted) = &answer.role else { continue };
            let verdict = &checked.verdict;
            let is_known = record::pitfall::get(wanted).is_some();
            if is_refused_as(verdict, wanted) || is_told_by_recordless(verdict) || !is_known {
                continue;
            }
            if let Some(finding) = self.not_checked(Check::Rejected, answer, checked) {
                found.push(finding);
                continue;
            }
            let key = match checked.verdict.status {
                Status::Passed => "gate-rejected-passes",
                _ => "gate-rejected-reason",
            };
            let fact = Fact::new(key).with("wanted", wanted).with("got", name_of(&checked.verdict));
            found.push(self.finding(Check::Rejected, fact, &answer.path, checked));
        }
        found
    }

    /// Answers on which the tests did not always say the same.
    fn unsteady(&self) -> Vec<Finding> {
        let checked = self.on(|_| true).into_iter();
        let found = checked.filter_map(|(answer, checked)| {
            let unsteady = checked.verdict.unsteady.as_ref()?;
            let fact = Fact::new("gate-unsteady")
                .with("round", unsteady.round)
                .with("first", name_of_end(unsteady.status, unsteady.pitfall.as_deref()))
                .with("got", name_of(&checked.verdict));
            Some(self.finding(Check::Steady, fact, &answer.path, checked))
        });
        found.collect()
    }

    /// The pitfalls of the catalogue that no rejected answer shows.
    fn uncaught(&self) -> Vec<Finding> {
        if !self.evidence.sources.can_be_run() {
            return Vec::new();
        }
        let catalogue = self.evidence.kit.root().join("exercises").join("catalogue.toml");
        let folder = self.evidence.kit.tests(self.evidence.exercise).join("rejected");
        self.evidence
            .exercise
            .pitfalls
            .iter()
            .filter(|id| !self.is_caught(id))
            .map(|id| {
                let file = folder.join(format!("{id}.rs"));
                let fact = Fact::new("gate-uncaught")
                    .with("pitfall", id)
                    .with("file", self.evidence.kit.shown(&file));
                Finding::new(Check::Uncaught, fact).at(self.evidence.kit, &catalogue)
            })
            .collect()
    }

    /// Some rejected answer is refused with this pitfall, in every build.
    pub fn is_caught(&self, id: &str) -> bool {
        let on = self.on(|r| matches!(r, Role::Rejected(wanted) if wanted == id));
        let by_answer = group(&on);
        by_answer.values().any(|all| all.iter().all(|c| is_refused_as(&c.verdict, id)))
    }

    fn cases(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for (answer, checked) in self.on(|r| matches!(r, Role::Solution | Role::Accepted)) {
            let verdict = &checked.verdict;
            if verdict.passed() < verdict.tests.len() || verdict.tests.is_empty() {
                continue; // They were not tried; something else says why.
            }
            let known: BTreeSet<&str> = verdict.misuse.iter().map(|c| c.name.as_str()).collect();
            for path in &self.evidence.sources.cases {
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                if !known.contains(&*name) {
                    let fact = Fact::new("gate-case-not-tried").with("answer", self.shown(answer));
                    let finding = Finding::new(Check::Cases, fact).at(self.evidence.kit, path);
                    found.push(finding.in_build(checked.build));
                }
            }
            for case in verdict.misuse.iter().filter(|c| !c.holds) {
                let path = self.evidence.kit.tests(self.evidence.exercise);
                let path = path.join("compile_fail").join(format!("{}.rs", case.name));
                let key = if case.compiled { "gate-case-compiles" } else { "gate-case-otherwise" };
                let expected = [case.code.as_deref(), case.phrase.as_deref()];
                let fact = Fact::new(key)
                    .with("answer", self.shown(answer))
                    .with("expected", expected.into_iter().flatten().collect::<Vec<_>>().join(" "));
                let got: Vec<&str> = case.got.iter().map(|m| m.rendered.as_str()).collect();
                found.push(
                    Finding::new(Check::Cases, fact)
                        .at(self.evidence.kit, &path)
                        .line(Some(case.line))
                        .in_build(checked.build)
                        .detail(got.join("\n")),
                );
            }
        }
        found
    }

    /// Both builds must run the tests that stand in the files.
    fn builds(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let written: BTreeSet<String> = self.evidence.sources.test_names().into_iter().collect();
        for (answer, checked) in self.on(|r| *r == Role::Solution) {
            let run: BTreeSet<String> =
                checked.verdict.tests.iter().map(|t| t.name.clone()).collect();
            if checked.verdict.errors().next().is_some() || self.evidence.sources.tests.len() < 2 {
                continue;
            }
            for (key, tests) in [
                ("gate-test-not-run", written.difference(&run)),
                ("gate-test-unknown", run.difference(&written)),
            ] {
                for test in tests {
                    let fact = Fact::new(key).with("test", test);
                    let finding = Finding::new(Check::Builds, fact);
                    found.push(finding.at(self.evidence.kit, &answer.path).in_build(checked.build));
                }
            }
        }
        found
    }

    fn shown(&self, answer: &Answer) -> String {
        self.evidence.kit.shown(&answer.path).to_string().replace('\\', "/")
    }
}

/// Every test passed; what the compile-fail cases say is another check's.
pub fn is_right(verdict: &Verdict) -> bool {
    let only_misuse = verdict.main.as_ref().is_some_and(|m| m.source == Source::Misuse);
    verdict.status == Status::Passed || (verdict.status == Status::Failed && only_misuse)
}

/// Refused, and told this pitfall first.
pub fn is_refused_as(verdict: &Verdict, pitfall: &str) -> bool {
    let named = verdict.main.as_ref().and_then(|m| m.pitfall.as_deref());
    !verdict.status.is_passed() && verdict.status != Status::Internal && named == Some(pitfall)
}

/// Ended well, and left nothing.
fn is_recordless(test: &crate::verdict::TestResult) -> bool {
    test.record.is_none() && test.outcome == TestOutcome::ExitedEarly
}

fn is_only_recordless(verdict: &Verdict) -> bool {
    verdict.failures().next().is_some() && verdict.failures().all(is_recordless)
}

/// What is said first comes from a test that the kit did not run; that test is
/// the matter, and has a finding of its own.
fn is_told_by_recordless(verdict: &Verdict) -> bool {
    verdict.main_test().is_some_and(is_recordless)
}

fn group<'a>(on: &[(&'a Answer, &'a Checked)]) -> BTreeMap<&'a Path, Vec<&'a Checked>> {
    let mut groups: BTreeMap<&Path, Vec<&Checked>> = BTreeMap::new();
    for (answer, checked) in on {
        groups.entry(&answer.path).or_default().push(checked);
    }
    groups
}
