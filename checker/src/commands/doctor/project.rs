//! The kit, its folders and its files.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher};
use record::Fact;

use super::super::place;
use super::{Finding, Level, fail, ok, warn};
use crate::edition::edition_of;
use crate::kit::Kit;
use crate::progress::Store;

/// With less space than this the first build may not fit.
const LITTLE: u64 = 2 << 30;
/// With less than this nothing will.
const TOO_LITTLE: u64 = 200 << 20;
/// A watcher that needs longer than this is as good as none.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn files(kit: &Kit) -> Finding {
    match kit.check_files() {
        Ok(()) => {
            let root = kit.root().display();
            ok(
                "kit",
                &Fact::new("doctor-kit-found")
                    .with("root", root)
                    .with("count", kit.catalogue().len()),
            )
        }
        Err(problem) => Finding { part: "kit", level: Level::Fail, message: problem.to_string() },
    }
}

/// Which student edition this is; nothing in the full kit.
pub(super) fn edition(kit: &Kit) -> Option<Finding> {
    let edition = edition_of(kit.root())?;
    let fact = match edition.label {
        Some(label) => Fact::new("doctor-edition-called").with("label", label),
        None => Fact::new("doctor-edition-is"),
    };
    Some(ok("edition", &fact.with("id", edition.id)))
}

pub(super) fn progress(kit: &Kit) -> Finding {
    match Store::new(kit.root()).load() {
        Ok(loaded) => match loaded.notice {
            Some(notice) => Finding { part: "progress", level: Level::Warn, message: notice },
            None => {
                let done = place::passed(kit.catalogue(), &loaded.progress);
                let fact =
                    Fact::new("standing").with("done", done).with("all", kit.catalogue().len());
                ok("progress", &fact)
            }
        },
        Err(problem) => {
            Finding { part: "progress", level: Level::Fail, message: problem.to_string() }
        }
    }
}

pub(super) fn target(kit: &Kit) -> Finding {
    let folder = kit.target();
    let tried = fs::create_dir_all(&folder)
        .and_then(|()| tempfile::NamedTempFile::new_in(&folder).map(drop));
    let path = folder.display();
    match tried {
        Ok(()) => ok("target", &Fact::new("doctor-target-writable").with("path", path)),
        Err(error) => {
            fail("target", &Fact::new("doctor-target-not").with("path", path).with("error", error))
        }
    }
}

pub(super) fn space(kit: &Kit) -> Finding {
    let folder = kit.target();
    let there = folder.ancestors().find(|a| a.is_dir()).unwrap_or(kit.root());
    let free = match fs4::available_space(there) {
        Ok(free) => free,
        Err(error) => {
            return warn("space", &Fact::new("doctor-space-unknown").with("error", error));
        }
    };
    let gib = format!("{:.1}", free as f64 / (1u64 << 30) as f64);
    let fact = |key: &str| Fact::new(key).with("gib", &gib).with("path", there.display());
    match free {
        _ if free < TOO_LITTLE => fail("space", &fact("doctor-space-none")),
        _ if free < LITTLE => warn("space", &fact("doctor-space-little")),
        _ => ok("space", &fact("doctor-space-enough")),
    }
}

/// Whether another program builds in cargo's folder right now: an editor's
/// rust-analyzer, as a rule.
pub(super) fn lock(kit: &Kit) -> Finding {
    let path = kit.target().join("debug").join(".cargo-lock");
    let held = File::open(&path).map(|file| file.try_lock());
    match held {
        Ok(Err(TryLockError::WouldBlock)) => warn("lock", &Fact::new("doctor-lock-held")),
        _ => ok("lock", &Fact::new("doctor-lock-free")),
    }
}

/// Really tries: writes a file the way editors do, and waits to hear of it.
pub(super) fn watching(kit: &Kit) -> Finding {
    if crate::watch::polls_only() {
        return ok("watching", &Fact::new("doctor-watching-forced"));
    }
    let folder = kit.root().join(".asynclings");
    let heard = fs::create_dir_all(&folder)
        .map_err(|e| e.to_string())
        .and_then(|()| hears(&folder).map_err(|e| e.to_string()));
    match heard {
        Ok(true) => ok("watching", &Fact::new("doctor-watching-works")),
        Ok(false) => warn("watching", &Fact::new("doctor-watching-silent")),
        Err(error) => warn("watching", &Fact::new("doctor-watching-fails").with("error", error)),
    }
}

fn hears(folder: &Path) -> notify::Result<bool> {
    let trial = tempfile::tempdir_in(folder)?;
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok() {
            let _ = sender.send(());
        }
    })?;
    watcher.watch(trial.path(), RecursiveMode::NonRecursive)?;
    let (new, old) = (trial.path().join("new"), trial.path().join("old"));
    fs::write(&old, "before")?;
    fs::write(&new, "after")?;
    fs::rename(&new, &old)?;
    Ok(events.recv_timeout(PATIENCE).is_ok())
}
