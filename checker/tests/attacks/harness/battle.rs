//! Attack after attack, and what each has left behind.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use asynclings::cancel::Cancel;
use asynclings::grading::course;
use asynclings::grading::judge::{Judge, Rules};
use asynclings::grading::policy;
use asynclings::grading::sandbox::{Limits, Sandbox};
use asynclings::grading::student_view::shown_to_student;
use asynclings::kit::Kit;
use asynclings::text;
use asynclings::verdict::{Status, Verdict};

use super::Attack;
use super::hidden::HiddenText;
use super::outside::Outside;

/// Real seconds that a test may take of an attack that may hang. All others have
/// the time of a course: a busy machine must not make them look as if they hung.
const SECONDS_OF_HANGING: u64 = 1;

/// Longer than the limits of any one attack, on a machine that is busy.
const LONGEST: Duration = Duration::from_secs(120);

/// An exercise that no attack pretends to answer.
const BESIDE: &str = "kitchen";

/// What an attack prints that got what it must not get.
const BREACH: &str = "BREACH";

/// A kit, a sandbox, and things outside that nobody may touch.
pub struct Battle {
    kit: Kit,
    rules: Rules,
    outside: Outside,
}

impl Battle {
    pub fn begin() -> Self {
        let kit = Kit::find_from(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let limits = Limits {
            memory_mib: 1024,
            compiler_memory_mib: 3072,
            cpu_seconds: 3,
            compiler_cpu_seconds: 2,
            file_mib: 64,
            scratch_mib: 32,
            ..Limits::default()
        };
        let sandbox = Sandbox::open(env!("CARGO_BIN_EXE_asynclings").into(), limits, false);
        let rules = Rules {
            confine: Some(Arc::new(sandbox.unwrap())),
            crates: policy::CRATES.map(str::to_owned).to_vec(),
            test_seconds: course::Limits::default().test_seconds.into(),
            test_output_kib: 64,
            cancel: Cancel::new(),
        };
        let outside = Outside::new(&kit);
        Battle { kit, rules, outside }
    }

    fn judge(&self, rules: &Rules) -> Judge<'_> {
        Judge::new(&self.kit, self.kit.catalogue().exercises(), rules.clone()).unwrap()
    }

    /// Runs the attacks of one lane; returns what went wrong.
    pub fn fight(&self, attacks: &[Attack], mine: impl Fn(&Attack) -> bool) -> Vec<String> {
        let usual = self.judge(&self.rules);
        let short = self.judge(&Rules { test_seconds: SECONDS_OF_HANGING, ..self.rules.clone() });
        let mut breaches = Vec::new();
        for attack in attacks.iter().filter(|a| mine(a)) {
            let own = attack.crates.clone();
            let own = own.map(|crates| self.judge(&Rules { crates, ..self.rules.clone() }));
            let given = if attack.may_hang() { &short } else { &usual };
            let found = self.attack(own.as_ref().unwrap_or(given), &usual, attack);
            if !found.is_empty() {
                breaches.push(format!("{}: {}", attack.name, found.join("; ")));
            }
        }
        // Whatever they left in the workplace is still there.
        let attacked: BTreeSet<_> =
            attacks.iter().filter(|a| mine(a)).map(|a| &a.exercise).collect();
        for exercise in attacked {
            let refused = self.solve(&usual, exercise);
            breaches.extend(refused.map(|refused| format!("after all of them: {refused}")));
        }
        breaches
    }

    /// One attack, and everything that could show that it got anywhere.
    fn attack(&self, judge: &Judge<'_>, honest: &Judge<'_>, attack: &Attack) -> Vec<String> {
        let exercise = self.kit.catalogue().get(&attack.exercise).unwrap();
        let answer = attack.aimed(&self.outside.places());
        let begun = Instant::now();
        let mut found = Vec::new();
        let judged = thread::scope(|scope| {
            let beside = attack.beside_solution.then(|| scope.spawn(|| self.solve(honest, BESIDE)));
            let judged = judge.judge(exercise, &answer);
            found.extend(beside.and_then(|beside| beside.join().unwrap()));
            judged
        });
        let time = begun.elapsed();
        match &judged {
            Ok(verdict) => found.extend(self.look_at(attack, verdict)),
            Err(problem) => found.push(format!("no verdict: {problem}")),
        }
        if time > LONGEST {
            found.push(format!("held everybody up for {time:?}"));
        }
        found.extend(self.outside.what_was_touched(&attack.exercise));
        let said =
            judged.map_or_else(|p| p.to_string(), |v| format!("{:?}: {}", v.status, told(&v)));
        let seconds = time.as_secs_f64();
        let mark = if found.is_empty() { "contained" } else { "BREACH" };
        println!("{mark} {:28} {seconds:5.1}s  {said}", attack.name);
        println!("          tries: {}\n          must:  {}", attack.tries, attack.must);
        found
    }

    /// What is wrong if the solution of this exercise does not pass.
    fn solve(&self, judge: &Judge<'_>, name: &str) -> Option<String> {
        let exercise = self.kit.catalogue().get(name).unwrap();
        let solution = std::fs::read(self.kit.solution(exercise)).unwrap();
        match judge.judge(exercise, &solution) {
            Ok(verdict) if verdict.status == Status::Passed => None,
            Ok(verdict) => Some(format!("the solution of {name}: {verdict:#?}")),
            Err(problem) => Some(format!("the solution of {name}: {problem}")),
        }
    }

    fn look_at(&self, attack: &Attack, verdict: &Verdict) -> Vec<String> {
        let mut found = Vec::new();
        let status = serde_json::to_value(verdict.status).unwrap();
        let status = status.as_str().unwrap();
        if verdict.status == Status::Passed || !attack.verdict.iter().any(|v| v == status) {
            found.push(format!("verdict {status}: {}", told(verdict)));
        }
        if let Some((test, ends)) = &attack.within {
            let end = verdict.tests.iter().find(|t| t.name == *test).map(|t| t.outcome);
            let end = serde_json::to_value(end).unwrap();
            if !ends.iter().any(|wanted| end == **wanted) {
                found.push(format!("{test} is where it attacks, and ended: {end}"));
            }
        }
        if let Some(key) = &attack.says {
            // As far as the first blank.
            let sentence = text::word(key).split('{').next().unwrap_or_default();
            if !verdict.compile.iter().any(|m| m.message.contains(sentence)) {
                found.push(format!("{key} was not told: {}", told(verdict)));
            }
        }
        let whole = serde_json::to_string(verdict).unwrap();
        // What the compiler says may quote the word.
        let tests = serde_json::to_string(&verdict.tests).unwrap();
        let got = tests.split(BREACH).nth(1);
        found
            .extend(got.map(|what| format!("got {:?}", what.chars().take(80).collect::<String>())));
        if whole.len() > MOST {
            found.push(format!("a verdict of {} KiB", whole.len() / 1024));
        }
        let view = format!("{:?}", shown_to_student(verdict));
        found.extend(HiddenText::of(&self.kit, &attack.exercise).found_in(&view));
        found
    }
}

/// No verdict of thousands should be larger, in bytes: a test may leave a
/// record of so much.
const MOST: usize = 6 << 20;

/// What a verdict says, in a line.
fn told(verdict: &Verdict) -> String {
    let problem = verdict.problem.clone().map(|p| p.lines().next().unwrap_or_default().to_owned());
    let message = verdict.errors().next().map(|m| m.message.clone());
    let tests = || {
        let mut ends: Vec<String> = Vec::new();
        for test in &verdict.tests {
            ends.push(format!("{:?}", test.outcome));
        }
        ends.dedup();
        ends.join(", ")
    };
    let said = problem.or(message).unwrap_or_else(tests);
    said.chars().take(110).collect()
}
