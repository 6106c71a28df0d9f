//! Tests of an answer that nobody trusts: in a place of their own, with proof.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::Stdio;

use record::Record;

use super::{TestProgram, is_ours, not_run};
use crate::cancel::Cancel;
use crate::confine::{Confine, Kind, TestPlan, View};
use crate::hash::hexadecimal;
use crate::problem::{Problem, Result};
use crate::process::{self, End, Finished, Keep, Limits};
use crate::verdict::TestResult;

/// More than the kit ever writes.
const LARGEST_RECORD: u64 = 2 << 20;

/// What the place may say, all tests together.
const LARGEST_ANSWER: usize = 64 << 20;

/// Known to this process and to the test that it starts.
pub(super) struct Secret {
    line: String,
    secret: record::proof::Secret,
}

impl Secret {
    pub fn random() -> io::Result<Self> {
        let mut bytes = [0; 32];
        File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        let line = hexadecimal(&bytes);
        let secret = record::proof::Secret::new(line.as_bytes());
        Ok(Secret { line, secret })
    }

    /// A pipe that holds it, and ends after it.
    pub fn pipe(&self) -> io::Result<Stdio> {
        let (reader, mut writer) = io::pipe()?;
        writeln!(writer, "{}", self.line)?;
        Ok(reader.into())
    }

    /// The record in a text that was sealed with it.
    pub fn open(&self, text: &str) -> Option<Record> {
        self.secret.open(text)
    }
}

/// The text in a file that a stranger's program may have made anything of: a
/// link, a pipe that never ends, gigabytes.
pub(super) fn read_regular(path: &Path) -> Option<String> {
    // Between this look and the opening nobody is left to change it: the test
    // and all that it started have ended.
    let meta = fs::symlink_metadata(path).ok()?;
    if !meta.is_file() || meta.len() > LARGEST_RECORD {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(LARGEST_RECORD).read_to_string(&mut text).ok()?;
    Some(text)
}

impl TestProgram<'_> {
    pub(super) fn list_in_there(
        &self,
        confine: &dyn Confine,
        world: &Path,
        cancel: &Cancel,
    ) -> Result<Vec<String>> {
        let done = self.ask(confine, world, None, cancel)?;
        let names: Vec<String> = done.text().lines().filter_map(parse).collect();
        Ok(names.into_iter().filter(|name| is_ours(name)).collect())
    }

    /// Whatever does not come back whole counts as not run.
    pub(super) fn run_in_there(
        &self,
        confine: &dyn Confine,
        world: &Path,
        names: &[String],
        on_done: &(dyn Fn(&TestResult) + Sync),
        cancel: &Cancel,
    ) -> Result<Vec<TestResult>> {
        let done = self.ask(confine, world, Some(names), cancel)?;
        let answered: Vec<TestResult> = done.text().lines().filter_map(parse).collect();
        let of = |name: &String| answered.iter().find(|r| r.name == *name).cloned();
        let results: Vec<TestResult> =
            names.iter().map(|name| of(name).unwrap_or_else(|| not_run(name))).collect();
        for result in &results {
            on_done(result);
        }
        Ok(results)
    }

    fn ask(
        &self,
        confine: &dyn Confine,
        world: &Path,
        names: Option<&[String]>,
        cancel: &Cancel,
    ) -> Result<Finished> {
        let problem = |e: io::Error| Problem::io("run", self.program, &e);
        let plan = TestPlan {
            program: self.program.to_owned(),
            exercise: self.exercise.to_owned(),
            names: names.map(<[String]>::to_vec),
            seconds: self.seconds(),
            output: self.output,
        };
        let reads = [self.program].into_iter().chain(self.libraries);
        let view = View {
            root: world.join("tests"),
            kind: Kind::Tests,
            reads: reads.map(Path::to_owned).collect(),
            writes: Vec::new(),
        };
        let mut command = confine.tests(&plan, &view).map_err(problem)?;
        command.stderr(Stdio::null());
        // Tests that hang do so side by side; a few rounds of that are enough.
        let limits = Limits { time: 4 * self.time_limit(), output: LARGEST_ANSWER };
        let done = process::run(command, Keep::Stdout, limits, cancel).map_err(problem)?;
        match done.end {
            End::Exited(status) if !status.success() && done.output.is_empty() => {
                Err(Problem::new("sandbox-failed").with("status", status))
            }
            _ => Ok(done),
        }
    }
}

fn parse<T: serde::de::DeserializeOwned>(line: &str) -> Option<T> {
    serde_json::from_str(line).ok()
}
