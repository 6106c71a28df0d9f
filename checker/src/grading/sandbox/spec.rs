//! What one world is to be like, as it is told from process to process.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::confine::{TestPlan, View};

/// How much a program in the sandbox may take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Address space of one test, in MiB.
    pub memory_mib: u64,
    /// Address space of the compiler, in MiB.
    pub compiler_memory_mib: u64,
    /// Processor time of one test, in seconds.
    pub cpu_seconds: u64,
    /// Processor time of one call of the compiler, in seconds.
    pub compiler_cpu_seconds: u64,
    /// The largest file that may be written, in MiB.
    pub file_mib: u64,
    /// All that may be written to `/tmp`, in MiB.
    pub scratch_mib: u64,
    /// Threads of all tests that run at a time, and the processes that they
    /// are in.
    pub processes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            memory_mib: 2048,
            compiler_memory_mib: 6144,
            cpu_seconds: 20,
            compiler_cpu_seconds: 60,
            file_mib: 256,
            scratch_mib: 128,
            processes: 64,
        }
    }
}

impl Limits {
    /// Changes when a verdict may change with them.
    pub(super) fn key(&self) -> String {
        format!("sandbox 2 {self:?}")
    }
}

/// A world, and what happens in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Spec {
    pub view: View,
    /// This program, which must be there inside as well.
    pub program: PathBuf,
    pub work: Work,
    pub limits: Limits,
    /// The grader's process: when it ends, so does the world.
    pub grader: u32,
}

/// What happens in a world.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Work {
    /// A program runs.
    Program { path: PathBuf, args: Vec<String>, env: Vec<(String, String)> },
    /// Tests run.
    Tests(TestPlan),
    /// Every layer is tried; these things outside must be out of reach.
    Probe(ProbePlan),
}

/// What the probe is to reach for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ProbePlan {
    /// A file outside that must not be seen.
    pub secret: PathBuf,
    /// A file inside that Landlock must keep from being written.
    pub world: PathBuf,
    /// A port outside where somebody listens.
    pub port: u16,
}

impl Work {
    /// The program that this command would start, with what it sets itself:
    /// nothing of this process's environment goes in.
    pub fn program(command: &Command) -> io::Result<Self> {
        let utf8 = |s: &OsStr| {
            let bad = || io::Error::new(io::ErrorKind::InvalidInput, s.display().to_string());
            s.to_str().map(str::to_owned).ok_or_else(bad)
        };
        let args = command.get_args().map(utf8).collect::<io::Result<_>>()?;
        let set = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let env =
            set.map(|(name, value)| Ok((utf8(name)?, utf8(value)?))).collect::<io::Result<_>>()?;
        Ok(Work::Program { path: command.get_program().into(), args, env })
    }
}
