//! The first process: builds the world and steps into it.
//!
//! It is a process of its own because building a world means to fork, and a
//! program with many threads had better not.

use std::ffi::OsString;
use std::os::unix::process::parent_id;
use std::path::Path;
use std::process::ExitCode;

use hakoniwa::{Container, MountOptions, Namespace};
use nix::unistd::Uid;

use super::inside::{self, end_with_parent};
use super::spec::{Spec, Work};
use crate::confine::Kind;

/// What went wrong before the program inside could start.
const NO_WORLD: u8 = 125;

/// What a program needs to start at all: the dynamic linker and the C library.
const LIBRARIES: [&str; 5] = ["/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64"];

/// What a linker needs besides.
const LINKER: [&str; 6] =
    ["/bin", "/usr/bin", "/usr/libexec", "/usr/local/lib", "/etc/alternatives", "/etc/ld.so.cache"];

const DEVICES: [&str; 2] = ["/dev/null", "/dev/urandom"];

pub(super) fn main(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let spec = args.next().and_then(|json| serde_json::from_str::<Spec>(json.to_str()?).ok());
    let Some(spec) = spec else { return ExitCode::from(NO_WORLD) };
    match enter(&spec) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(NO_WORLD)
        }
    }
}

fn enter(spec: &Spec) -> Result<u8, String> {
    end_with_parent()?;
    if parent_id() != spec.grader {
        // It was killed before this could be asked for.
        return Err("the grader is gone".to_owned());
    }
    let mut world = Container::empty();
    for namespace in [
        Namespace::Mount,
        Namespace::Pid,
        Namespace::Network,
        Namespace::Ipc,
        Namespace::Uts,
        Namespace::Cgroup,
    ] {
        world.unshare(namespace);
    }
    // Root needs no other way to the rest; it is given up inside.
    if !Uid::effective().is_root() {
        world.unshare(Namespace::User);
        world.uidmap(Uid::effective().as_raw());
        world.gidmap(nix::unistd::Gid::effective().as_raw());
    }
    world.rootdir(&spec.view.root);
    let linker = if spec.view.kind == Kind::Linker { &LINKER[..] } else { &[] };
    for path in LIBRARIES.iter().chain(linker).map(Path::new) {
        if path.exists() {
            bind(&mut world, path, false)?;
        }
    }
    if spec.view.kind == Kind::Linker {
        world.procfsmount("/proc");
    }
    for path in DEVICES.map(Path::new) {
        bind(&mut world, path, true)?;
    }
    for path in spec.view.reads.iter().chain([&spec.program]) {
        bind(&mut world, path, false)?;
    }
    for path in &spec.view.writes {
        bind(&mut world, path, true)?;
    }
    // What a stranger wrote there is no program: no compiler has seen it.
    let options = MountOptions::NOSUID | MountOptions::NODEV | MountOptions::NOEXEC;
    let size = format!("size={}m,nr_inodes=16384,mode=1777", spec.limits.scratch_mib);
    world.mount("tmpfs", "/tmp", "tmpfs", options, Some(size));

    let json = serde_json::to_string(spec).map_err(|e| e.to_string())?;
    let mut command = world.command(text(&spec.program)?);
    command.args([inside::WORD, &json]).current_dir("/tmp");
    // A number of its own for each world, so that one cannot use up the
    // processes of another.
    command.env(inside::NOBODY, &(1_000_000 + std::process::id()).to_string());
    for (name, value) in [("PATH", "/usr/bin:/bin"), ("HOME", "/tmp"), ("TMPDIR", "/tmp")] {
        command.env(name, value);
    }
    command.env("LC_ALL", "C.UTF-8");
    if let Work::Program { env, .. } = &spec.work {
        command.envs(env.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    }
    let status = command.status().map_err(|e| e.to_string())?;
    match status.exit_code {
        Some(code) => Ok(code as u8),
        // Before the program or instead of it; by a signal, say.
        None => Err(status.reason),
    }
}

fn bind(world: &mut Container, path: &Path, writable: bool) -> Result<(), String> {
    let whole = path.canonicalize().map_err(|e| format!("{}: {e}", path.display()))?;
    let (from, to) = (text(&whole)?, text(path)?);
    if writable {
        world.bindmount_rw(from, to);
    } else {
        world.bindmount_ro(from, to);
    }
    Ok(())
}

fn text(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("{} is not UTF-8", path.display()))
}
