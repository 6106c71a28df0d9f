//! In the new world: the last doors are shut, then the program starts.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, setgroups, setresgid, setresuid};

use super::spec::{Limits, Spec, Work};
use super::{filter, landlocked, probe};
use crate::cancel::Cancel;
use crate::confine::{Kind, TestPlan};
use crate::run_tests::TestProgram;

/// Steps into a world that was just built.
pub(super) const WORD: &str = "sandbox-inside";

/// Becomes a test.
pub(super) const TEST_WORD: &str = "sandbox-test";

/// Whom to become, if this is root.
pub(super) const NOBODY: &str = "ASYNCLINGS_NOBODY";

const SCRATCH: &str = "/tmp";

const MIB: u64 = 1 << 20;

const COMPILER_THREADS: u64 = 4096;

pub(super) fn main(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let spec = args.next().and_then(|json| serde_json::from_str::<Spec>(json.to_str()?).ok());
    match spec.ok_or_else(|| "no spec".to_owned()).and_then(|spec| work(&spec)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(125)
        }
    }
}

fn work(spec: &Spec) -> Result<ExitCode, String> {
    let limits = &spec.limits;
    let compiler = spec.view.kind != Kind::Tests;
    limit(Resource::RLIMIT_CORE, 0)?;
    limit(Resource::RLIMIT_FSIZE, limits.file_mib * MIB)?;
    limit(Resource::RLIMIT_NOFILE, 256)?;
    // A compiler has a thread for each core, and for each unit of code.
    limit(Resource::RLIMIT_NPROC, if compiler { COMPILER_THREADS } else { limits.processes })?;
    let memory = if compiler { limits.compiler_memory_mib } else { limits.memory_mib };
    limit(Resource::RLIMIT_AS, memory * MIB)?;
    if compiler {
        limit(Resource::RLIMIT_CPU, limits.compiler_cpu_seconds)?;
    }
    become_nobody()?;
    // The kernel forgets this when the user changes.
    end_with_parent()?;
    let mut writes = vec![PathBuf::from(SCRATCH), PathBuf::from("/dev/null")];
    writes.extend(spec.view.writes.iter().cloned());
    let landlock = landlocked::restrict(&writes);
    let seccomp = filter::shut_for_all();
    match &spec.work {
        Work::Program { path, args, .. } => {
            let error = Command::new(path).args(args).env_remove(NOBODY).exec();
            Err(format!("{}: {error}", path.display()))
        }
        Work::Tests(plan) => tests(plan, &spec.program, limits),
        Work::Probe(plan) => Ok(probe::report(plan, &spec.program, limits, landlock, seccomp)),
    }
}

fn limit(what: Resource, most: u64) -> Result<(), String> {
    setrlimit(what, most, most).map_err(|e| format!("{what:?}: {e}"))
}

/// A grader that is killed cannot end what it started: the kernel does, from
/// process to process.
pub(super) fn end_with_parent() -> Result<(), String> {
    prctl::set_pdeathsig(Signal::SIGKILL).map_err(|e| format!("prctl: {e}"))
}

/// Root is never what a stranger's program runs as.
fn become_nobody() -> Result<(), String> {
    let (uid, whom) = (Uid::effective(), std::env::var(NOBODY));
    let Some(whom) = whom.ok().and_then(|n| n.parse().ok()) else {
        return Err("nobody to become".to_owned());
    };
    if !uid.is_root() {
        return Ok(());
    }
    let (user, group) = (Uid::from_raw(whom), Gid::from_raw(whom));
    setgroups(&[])
        .and_then(|()| setresgid(group, group, group))
        .and_then(|()| setresuid(user, user, user))
        .map_err(|e| format!("becoming nobody: {e}"))
}

/// Runs tests and tells of each in a line.
fn tests(plan: &TestPlan, this: &Path, limits: &Limits) -> Result<ExitCode, String> {
    let records = Path::new(SCRATCH).join("records");
    fs::create_dir_all(&records).map_err(|e| format!("{}: {e}", records.display()))?;
    let seal = |command: &Command| sealed(command, this, limits);
    let program = TestProgram {
        program: &plan.program,
        exercise: &plan.exercise,
        root: Path::new(SCRATCH),
        libraries: None,
        records: &records,
        seconds: Some(plan.seconds),
        output: plan.output,
        confine: None,
        seal: Some(&seal),
    };
    let cancel = Cancel::new();
    let say = |line: serde_json::Result<String>| {
        let mut out = std::io::stdout().lock();
        // Whoever does not listen any more does not want to know.
        let _ = writeln!(out, "{}", line.unwrap_or_default());
    };
    match &plan.names {
        None => {
            let names = program.list(&cancel).map_err(|e| e.to_string())?;
            names.iter().for_each(|name| say(serde_json::to_string(name)));
        }
        Some(names) => {
            let told = |result: &_| say(serde_json::to_string(result));
            program.run(names, &told, &cancel).map_err(|e| e.to_string())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The command that starts a test through [`test`].
pub(super) fn sealed(command: &Command, this: &Path, limits: &Limits) -> Command {
    let mut sealed = Command::new(this);
    sealed
        .arg(TEST_WORD)
        .arg(limits.cpu_seconds.to_string())
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => sealed.env(name, value),
            None => sealed.env_remove(name),
        };
    }
    sealed.current_dir(SCRATCH);
    sealed
}

/// Becomes the test: from here on no process can be started.
pub(super) fn test(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let seconds = args.next().and_then(|s| s.to_str()?.parse().ok());
    let (Some(seconds), Some(program)) = (seconds, args.next()) else {
        return ExitCode::from(125);
    };
    let shut = limit(Resource::RLIMIT_CPU, seconds).and_then(|()| filter::shut_for_tests());
    if let Err(error) = shut {
        eprintln!("{error}");
        return ExitCode::from(125);
    }
    let error = Command::new(&program).args(args).exec();
    eprintln!("{}: {error}", program.display());
    ExitCode::from(125)
}
