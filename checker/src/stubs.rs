//! Where the stub of an exercise comes from after the learner has changed it.
//!
//! The file as it was handed out is known by its hash, if the kit lists one
//! (`exercises/stubs.sha256`, as `sha256sum` writes it). The learner's own
//! commits may hold anything, so the newest version in git need not be it. In
//! this order, the first that fits the hash:
//!
//! 1. the copy in `.asynclings/stubs/`, made when the program first saw the
//!    file untouched;
//! 2. the version in `HEAD`;
//! 3. older versions, newest first, of any branch.
//!
//! A kit that lists no hash gives the first of these that there is. Then only
//! a file of an exercise that was never begun counts as untouched, when it is
//! seen for the first time, and as far as git says that nobody changed it (or
//! where there is no git).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use hmac_sha256::Hash;

use crate::catalogue::Exercise;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::progress::Progress;
use crate::{disk, hash};

/// The list of hashes, from the kit's root.
pub const LIST: &str = "exercises/stubs.sha256";

/// More old versions than this are not looked at.
const MOST_VERSIONS: usize = 200;

/// The stub as it was handed out.
///
/// # Errors
/// It is nowhere to be found; the message says what else to try.
pub fn pristine(kit: &Kit, exercise: &Exercise) -> Result<Vec<u8>> {
    let wanted = listed(kit, exercise);
    let fits = |content: &Vec<u8>| wanted.as_ref().is_none_or(|hash| hash_of(content) == *hash);
    let path = kit.shown(&kit.stub(exercise)).to_string().replace('\\', "/");
    fs::read(copy(kit, exercise))
        .ok()
        .filter(fits)
        .or_else(|| show(kit.root(), "HEAD", &path).filter(fits))
        .or_else(|| {
            let versions = git(kit.root(), &["log", "--all", "--format=%H", "--", &path])?;
            let versions = String::from_utf8(versions).ok()?;
            versions
                .lines()
                .take(MOST_VERSIONS)
                .find_map(|v| show(kit.root(), v, &path).filter(fits))
        })
        .ok_or_else(|| Problem::new("no-stub").with("path", path))
}

/// Keeps copies of the stubs that are still as they were handed out. Best
/// effort: without a copy, git may still have the stub.
pub fn keep_pristine(kit: &Kit, progress: &Progress) {
    let mut changed = None;
    for exercise in kit.catalogue().exercises() {
        let copy = copy(kit, exercise);
        let Ok(content) = fs::read(kit.stub(exercise)) else { continue };
        if fs::read(&copy).is_ok_and(|kept| kept == content) {
            continue;
        }
        let untouched = match listed(kit, exercise) {
            Some(hash) => hash_of(&content) == hash,
            // A copy that is there was made earlier, so it is the better one.
            None if copy.exists() => false,
            None => {
                let path = kit.shown(&kit.stub(exercise)).to_string().replace('\\', "/");
                let changed = changed.get_or_insert_with(|| changed_files(kit.root()));
                !progress.exercises.contains_key(&exercise.name) && !changed.contains(&path)
            }
        };
        if untouched {
            let _ = disk::write_whole(&copy, &content, false);
        }
    }
}

/// Whether `content` is the stub as it was handed out, as far as one can tell
/// without asking git.
pub(crate) fn is_untouched(kit: &Kit, exercise: &Exercise, path: &Path, content: &[u8]) -> bool {
    if let Some(hash) = listed(kit, exercise) {
        return hash_of(content) == hash;
    }
    // A learner works in the stub's own file, a submission comes from elsewhere.
    let stub = kit.stub(exercise);
    let known = if path == stub { copy(kit, exercise) } else { stub };
    fs::read(known).is_ok_and(|known| known == content)
}

fn copy(kit: &Kit, exercise: &Exercise) -> PathBuf {
    kit.root().join(".asynclings").join("stubs").join(format!("{}.rs", exercise.name))
}

/// The line that the list has for this stub, with its end.
#[cfg(feature = "teach")]
pub fn line(exercise: &Exercise, content: &[u8]) -> String {
    format!("{}  exercises/{}/{}.rs\n", hash_of(content), exercise.folder, exercise.name)
}

/// The list in the order of its files, as a shell's `*` gives them to
/// `sha256sum`.
#[cfg(feature = "teach")]
pub fn sorted(list: &str) -> String {
    let mut lines: Vec<&str> = list.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.sort_by_key(|line| line.split_once(' ').map(|(_, file)| file.trim_start().to_owned()));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The hash that the kit lists for this stub.
fn listed(kit: &Kit, exercise: &Exercise) -> Option<String> {
    let list = fs::read_to_string(kit.root().join(LIST)).ok()?;
    let path = format!("exercises/{}/{}.rs", exercise.folder, exercise.name);
    list.lines().find_map(|line| {
        let (hash, file) = line.split_once(' ')?;
        (file.trim_start_matches([' ', '*']) == path).then(|| hash.to_lowercase())
    })
}

/// Line ends do not count: git may write other ones on Windows.
fn hash_of(content: &[u8]) -> String {
    let mut hash = Hash::new();
    for line in content.split_inclusive(|b| *b == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                hash.update(line);
                hash.update(b"\n");
            }
            None => hash.update(line),
        }
    }
    hash::hexadecimal(&hash.finalize())
}

/// Files under `exercises/` that differ from the last commit.
fn changed_files(root: &Path) -> String {
    git(root, &["status", "--porcelain", "--", "exercises"])
        .map(|out| String::from_utf8_lossy(&out).into_owned())
        .unwrap_or_default()
}

fn show(root: &Path, version: &str, path: &str) -> Option<Vec<u8>> {
    // `./` means from here: the kit need not be the top of the repository.
    git(root, &["show", &format!("{version}:./{path}")])
}

fn git(root: &Path, args: &[&str]) -> Option<Vec<u8>> {
    let mut command = Command::new("git");
    command.args(args).current_dir(root).stdin(Stdio::null()).stderr(Stdio::null());
    let out = command.output().ok()?;
    out.status.success().then_some(out.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::tests::sample;

    fn list(kit: &Kit, content: &[u8]) {
        let line = format!("{}  exercises/01_first/one.rs\n", hash_of(content));
        fs::write(kit.root().join(LIST), line).unwrap();
    }

    fn commit(kit: &Kit) {
        let id = ["-c", "user.name=t", "-c", "user.email=t@t.t", "-c", "commit.gpgsign=false"];
        git(kit.root(), &["init", "-q"]).unwrap();
        git(kit.root(), &["add", "exercises"]).unwrap();
        git(kit.root(), &[&id[..], &["commit", "-q", "-m", "x"]].concat()).unwrap();
    }

    #[test]
    fn hashes_are_those_of_sha256sum_and_know_no_line_ends() {
        assert_eq!(hash_of(b"a\nb\n"), hash_of(b"a\r\nb\r\n"));
        assert_ne!(hash_of(b"a\nb\n"), hash_of(b"a\nb"));
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hash_of(b""), empty);
    }

    #[test]
    fn the_copy_made_on_first_sight_survives_edits() {
        let (_folder, kit) = sample();
        let one = kit.catalogue().get("one").unwrap();
        let stub = fs::read(kit.stub(one)).unwrap();
        keep_pristine(&kit, &Progress::default());
        fs::write(kit.stub(one), "mine").unwrap();
        let mut begun = Progress::default();
        begun.entry("one").attempts = 1;
        keep_pristine(&kit, &begun);
        assert_eq!(pristine(&kit, one).unwrap(), stub);
    }

    #[test]
    fn an_edit_that_was_never_checked_does_not_replace_the_copy() {
        let (_folder, kit) = sample();
        let one = kit.catalogue().get("one").unwrap();
        let stub = fs::read(kit.stub(one)).unwrap();
        keep_pristine(&kit, &Progress::default());
        fs::write(kit.stub(one), "mine").unwrap();
        keep_pristine(&kit, &Progress::default());
        assert_eq!(pristine(&kit, one).unwrap(), stub);
    }

    #[test]
    fn the_learners_own_commits_are_not_the_stub() {
        let (_folder, kit) = sample();
        let one = kit.catalogue().get("one").unwrap();
        let stub = fs::read(kit.stub(one)).unwrap();
        list(&kit, &stub);
        commit(&kit);
        fs::write(kit.stub(one), "mine").unwrap();
        commit(&kit);
        keep_pristine(&kit, &Progress::default());
        assert!(!copy(&kit, one).exists(), "the hash says that this is not the stub");
        assert_eq!(pristine(&kit, one).unwrap(), stub);
    }

    #[test]
    fn without_a_list_what_git_calls_changed_is_not_kept() {
        let (_folder, kit) = sample();
        let (one, two) = (kit.catalogue().get("one").unwrap(), kit.catalogue().get("two").unwrap());
        let stub = fs::read(kit.stub(one)).unwrap();
        commit(&kit);
        fs::write(kit.stub(one), "mine").unwrap();
        keep_pristine(&kit, &Progress::default());
        assert!(!copy(&kit, one).exists() && copy(&kit, two).exists());
        assert_eq!(pristine(&kit, one).unwrap(), stub, "HEAD has it");
    }

    #[test]
    fn a_stub_that_nobody_has_is_a_problem_with_a_way_out() {
        let (_folder, kit) = sample();
        let one = kit.catalogue().get("one").unwrap();
        assert_eq!(pristine(&kit, one).unwrap_err().key(), "no-stub");
    }
}
