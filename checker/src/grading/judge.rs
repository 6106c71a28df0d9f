//! One answer of a stranger: from its bytes to its verdict.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use super::policy;
use crate::cancel::Cancel;
use crate::catalogue::Exercise;
use crate::check::{CargoOutput, Keys, Options, check, prepare};
use crate::confine::Confine;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::verdict::{Build, Status, Verdict};
use crate::workplace::Workplace;

/// How strangers' answers are judged.
#[derive(Clone)]
pub struct Rules {
    /// Where they are kept in. None: nowhere, because somebody said so.
    pub confine: Option<Arc<dyn Confine>>,
    /// The crates that they may use.
    pub crates: Vec<String>,
    /// Real seconds after which the kit's watchdog ends a test.
    pub test_seconds: u64,
    /// KiB that are kept of what one test prints.
    pub test_output_kib: u32,
    /// Stops everything.
    pub cancel: Cancel,
}

/// Judges answers to the exercises of a kit.
pub struct Judge<'a> {
    kit: &'a Kit,
    rules: Rules,
    keys: BTreeMap<String, Keys>,
}

impl<'a> Judge<'a> {
    /// Builds what must be built, and reads what verdicts on these exercises
    /// depend on.
    ///
    /// # Errors
    /// As [`check`].
    pub fn new<'e>(
        kit: &'a Kit,
        exercises: impl IntoIterator<Item = &'e Exercise>,
        rules: Rules,
    ) -> Result<Self> {
        let mut judge = Judge { kit, rules, keys: BTreeMap::new() };
        let options = judge.options();
        prepare(kit, &options)?;
        for exercise in exercises {
            judge.keys.insert(exercise.name.clone(), Keys::read(kit, exercise, &options)?);
        }
        Ok(judge)
    }

    /// The key of the verdict on an answer with this hash of its content: the
    /// same key, the same verdict.
    ///
    /// # Errors
    /// The exercise is not one of those that this judge was made for.
    pub fn key(&self, exercise: &str, answer: &str) -> Result<String> {
        let keys = self.keys.get(exercise);
        let keys = keys.ok_or_else(|| Problem::new("unknown-exercise").with("name", exercise))?;
        Ok(format!("{}-{}", keys.of(answer), policy::VERSION))
    }

    /// The verdict on this answer. It says `Internal` or `Cancelled`, never
    /// `Passed`, where something else than the answer was at fault.
    ///
    /// # Errors
    /// The check cannot begin: see [`check`].
    pub fn judge(&self, exercise: &Exercise, answer: &[u8]) -> Result<Verdict> {
        if let Some(verdict) = policy::verdict(&exercise.name, answer, &self.rules.crates) {
            return Ok(verdict);
        }
        // A lasting place, not a temporary one: that would stay behind when this
        // program is killed. The dash keeps it apart from those of exercises.
        let place = Workplace::take(&self.kit.state(), "handed-in")?;
        let file = place.output("answer", &format!("{}.rs", exercise.name))?;
        fs::write(&file, answer).map_err(|e| Problem::io("write", &file, &e))?;
        match check(self.kit, exercise, &file, &self.options()) {
            // One world that breaks, under an answer that wants it to, is no
            // reason to grade nobody else.
            Err(problem) if problem.key() == "sandbox-failed" => Ok(Verdict {
                status: Status::Internal,
                build: Build::Crate,
                problem: Some(problem.to_string()),
                ..Verdict::empty(&exercise.name)
            }),
            verdict => verdict,
        }
    }

    fn options(&self) -> Options {
        Options {
            build: Build::Crate,
            // The store remembers, and knows whose it was.
            cache: false,
            test_seconds: Some(self.rules.test_seconds),
            test_output_kib: self.rules.test_output_kib,
            cancel: self.rules.cancel.clone(),
            confine: self.rules.confine.clone(),
            crates: Some(self.rules.crates.clone()),
            cargo: CargoOutput::Terminal,
            ..Options::default()
        }
    }
}
