//! Which layers hold: each is tried by a program that misbehaves.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{fs, io};

use nix::unistd::Uid;

use super::spec::{Limits, ProbePlan, Work};
use super::{Layer, Layers, Sandbox, inside};
use crate::cancel::Cancel;
use crate::confine::{Kind, View};
use crate::problem::{Problem, Result};
use crate::process::{self, Keep};

/// Misbehaves as a test would.
pub(super) const WORD: &str = "sandbox-misbehave";

const LIMITS: process::Limits = process::Limits { time: Duration::from_secs(60), output: 1 << 16 };

/// Builds a world and lets [`report`] try to get out of it.
pub(super) fn probe(sandbox: &Sandbox) -> Result<Layers> {
    let problem = |e: io::Error| Problem::new("sandbox-failed").with("status", e);
    let outside = tempfile::tempdir().map_err(problem)?;
    let secret = outside.path().join("secret");
    fs::write(&secret, "secret").map_err(problem)?;
    let world = outside.path().join("world");
    let seen = outside.path().join("seen");
    fs::create_dir(&seen).map_err(problem)?;
    // Somebody must be listening, or that nobody answers would prove nothing.
    let listener = TcpListener::bind("127.0.0.1:0").map_err(problem)?;
    let port = listener.local_addr().map_err(problem)?.port();
    let plan = ProbePlan { secret, world: seen.join("new"), port };
    let view = View { root: world, kind: Kind::Tests, reads: vec![seen], writes: Vec::new() };
    let command = sandbox.command(Work::Probe(plan), &view).map_err(problem)?;
    let done = process::run(command, Keep::Both, LIMITS, &Cancel::new()).map_err(problem)?;
    let said = done.text();
    let layers = said.lines().find_map(|line| serde_json::from_str::<Layers>(line).ok());
    Ok(layers.unwrap_or_else(|| Layers { holding: Vec::new(), remarks: vec![said] }))
}

/// Tries everything, in the world, and prints what held.
pub(super) fn report(
    plan: &ProbePlan,
    this: &Path,
    limits: &Limits,
    landlock: std::result::Result<(), String>,
    seccomp: std::result::Result<(), String>,
) -> ExitCode {
    let mut layers = Layers::default();
    let mut told = |layer: Layer, held: std::result::Result<(), String>| match held {
        Ok(()) => layers.holding.push(layer),
        Err(error) => layers.remarks.push(format!("{layer}: {error}")),
    };
    told(Layer::Files, files(plan));
    told(Layer::Network, network(plan));
    told(Layer::Processes, processes());
    told(Layer::Privileges, privileges());
    told(Layer::Landlock, landlock.and_then(|()| read_only(plan)));
    told(Layer::Seccomp, seccomp.and_then(|()| as_a_test("process", this, limits)));
    told(Layer::Limits, as_a_test("memory", this, limits));
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{}", serde_json::to_string(&layers).unwrap_or_default());
    ExitCode::SUCCESS
}

fn files(plan: &ProbePlan) -> std::result::Result<(), String> {
    for path in [&plan.secret, Path::new("/etc/passwd"), Path::new("/proc/self/mem")] {
        if fs::symlink_metadata(path).is_ok() {
            return Err(format!("{} can be seen", path.display()));
        }
    }
    Ok(())
}

fn network(plan: &ProbePlan) -> std::result::Result<(), String> {
    match TcpStream::connect(("127.0.0.1", plan.port)) {
        Ok(_) => Err("a port of this machine answered".to_owned()),
        Err(_) => Ok(()),
    }
}

/// In a world of its own this is the first of all processes.
fn processes() -> std::result::Result<(), String> {
    match std::process::id() {
        0..10 => Ok(()),
        id => Err(format!("this is process {id}")),
    }
}

fn privileges() -> std::result::Result<(), String> {
    let (effective, real) = (Uid::effective(), Uid::current());
    if effective.is_root() || real.is_root() {
        return Err("this is root".to_owned());
    }
    match nix::unistd::setuid(Uid::from_raw(0)) {
        Ok(()) => Err("this can become root".to_owned()),
        Err(_) => Ok(()),
    }
}

/// Landlock knows more than that the mount is read-only: the scratch folder's
/// file system would take a link to elsewhere, and the world's root a file.
fn read_only(plan: &ProbePlan) -> std::result::Result<(), String> {
    for path in [plan.world.as_path(), Path::new("/new")] {
        if fs::write(path, "x").is_ok() {
            return Err(format!("{} could be written", path.display()));
        }
    }
    Ok(())
}

/// Lets [`inside`](self::inside) misbehave where a test would.
fn as_a_test(how: &str, this: &Path, limits: &Limits) -> std::result::Result<(), String> {
    let mut command = Command::new(this);
    command.args([WORD, how]).arg(limits.memory_mib.to_string());
    let mut sealed = inside::sealed(&command, this, limits);
    // A file that cannot be opened says nothing of the layer, and has a name.
    let nothing = |options: &mut OpenOptions| {
        options.open(NOTHING).map_err(|e| format!("could not be tried: {NOTHING}: {e}"))
    };
    sealed.stdin(nothing(File::options().read(true))?);
    sealed.stdout(nothing(File::options().write(true))?);
    let status = sealed.status().map_err(|e| format!("{how}: could not be tried: {e}"))?;
    match status.code() {
        Some(HELD) => Ok(()),
        Some(code) => Err(format!("{how}: exit code {code}")),
        None => Err(format!("{how}: ended by a signal")),
    }
}

const NOTHING: &str = "/dev/null";

const HELD: i32 = 42;

/// Exits with [`HELD`] if it could not do what it should not.
pub(super) fn inside(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let how = args.next().unwrap_or_default();
    let mib = args.next().and_then(|n| n.to_str()?.parse::<usize>().ok()).unwrap_or(0);
    let held = match how.to_str() {
        Some("process") => {
            let this = std::env::args_os().next().unwrap_or_default();
            // Threads are allowed, or no runtime would work.
            let threads = std::thread::Builder::new().spawn(|| ()).is_ok_and(|t| t.join().is_ok());
            threads && Command::new(this).arg("--version").status().is_err()
        }
        Some("memory") => Vec::<u8>::new().try_reserve_exact((mib + 1) << 20).is_err(),
        _ => false,
    };
    if held { ExitCode::from(HELD as u8) } else { ExitCode::FAILURE }
}
