//! `reset`: back to the stub, with a backup of what was there.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::args::Reset;
use super::context::Context;
use super::exit::Exit;
use super::page::Page;
use super::{ask, print, style};
use crate::catalogue::Exercise;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::progress::{Progress, State};
use crate::stubs;
use crate::text::{say, word};

/// Puts back one stub, or all.
///
/// # Errors
/// There is no such exercise, its stub is nowhere to be found, a file cannot
/// be written, or nobody can answer the question.
pub fn run(args: &Reset) -> Result<Exit> {
    let mut context = Context::open()?;
    let exercises: Vec<Exercise> = if args.all {
        context.kit.catalogue().exercises().cloned().collect()
    } else {
        vec![context.exercise(args.name.name.as_deref())?.clone()]
    };
    let question = match &exercises[..] {
        [one] => say("ask-reset", &[("exercise", &one.name)]),
        all => say("ask-reset-all", &[("count", &all.len())]),
    };
    if !args.yes && !ask::yes(&question)? {
        print::notice(word("reset-not-done"));
        return Ok(Exit::NotYet);
    }
    let mut page = Page::new();
    let mut lacking = None;
    for exercise in &exercises {
        match reset(&context.kit, exercise) {
            Ok(done) => page.text(0, style::PLAIN, done.say(&context.kit, exercise)),
            // One that cannot be reset must not keep the others from it.
            Err(problem) => {
                page.text(0, style::BAD, problem.to_string());
                lacking = Some(problem);
            }
        }
    }
    let done: Vec<String> = exercises.iter().map(|e| e.name.clone()).collect();
    context.update(|progress| done.iter().for_each(|name| reopen(progress, name)));
    print::page(&page);
    Ok(if lacking.is_some() { Exit::Broken } else { Exit::Done })
}

/// What came of a reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was the stub already.
    Already,
    /// What was there is now in this file; None if nothing was there.
    Reset(Option<PathBuf>),
}

impl Done {
    /// In a sentence.
    pub fn say(&self, kit: &Kit, exercise: &Exercise) -> String {
        match self {
            Done::Already => say("reset-already", &[("exercise", &exercise.name)]),
            Done::Reset(None) => say("reset-done", &[("exercise", &exercise.name)]),
            Done::Reset(Some(backup)) => say(
                "reset-done-backup",
                &[("exercise", &exercise.name), ("backup", &kit.shown(backup))],
            ),
        }
    }
}

/// Puts the stub back; what was there is kept in `.asynclings/backups/`.
///
/// # Errors
/// The stub is nowhere to be found, or a file cannot be written; then the
/// learner's file is as it was.
pub fn reset(kit: &Kit, exercise: &Exercise) -> Result<Done> {
    let stub = stubs::pristine(kit, exercise)?;
    let file = kit.stub(exercise);
    let mine = fs::read(&file).ok();
    if mine.as_ref() == Some(&stub) {
        return Ok(Done::Already);
    }
    let backup = mine.map(|mine| keep(kit, exercise, &mine)).transpose()?;
    // Written in place: the learner's file keeps its rights, its links and the
    // editor that watches it. Nothing can be lost, the backup is whole.
    fs::write(&file, stub).map_err(|e| Problem::io("write", &file, &e))?;
    Ok(Done::Reset(backup))
}

/// After a reset the exercise is to be done again; what it cost before stays.
pub fn reopen(progress: &mut Progress, name: &str) {
    if progress.exercises.contains_key(name) {
        progress.entry(name).state = State::Open;
    }
}

fn keep(kit: &Kit, exercise: &Exercise, content: &[u8]) -> Result<PathBuf> {
    let folder = kit.root().join(".asynclings").join("backups");
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string().replace(':', "-");
    let problem = |path: &Path, e: &std::io::Error| Problem::io("write", path, e);
    fs::create_dir_all(&folder).map_err(|e| problem(&folder, &e))?;
    // Two in a second must not meet in one file.
    for again in 0.. {
        let more = if again == 0 { String::new() } else { format!("-{again}") };
        let path = folder.join(format!("{}-{now}{more}.rs", exercise.name));
        let mut file = match fs::File::create_new(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => continue,
            Err(e) => return Err(problem(&path, &e)),
        };
        let written = file.write_all(content).and_then(|()| file.sync_all());
        return written.map(|()| path.clone()).map_err(|e| problem(&path, &e));
    }
    unreachable!("numbers do not end")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::sample;

    #[test]
    fn every_reset_keeps_what_was_there() {
        let (_folder, kit) = sample::kit();
        let one = kit.catalogue().get("one").unwrap();
        let stub = fs::read(kit.stub(one)).unwrap();
        stubs::keep_pristine(&kit, &Progress::default());
        assert_eq!(reset(&kit, one).unwrap(), Done::Already);
        let mut backups = Vec::new();
        for mine in ["first", "second"] {
            fs::write(kit.stub(one), mine).unwrap();
            let Done::Reset(Some(backup)) = reset(&kit, one).unwrap() else { panic!("no backup") };
            assert_eq!(fs::read_to_string(&backup).unwrap(), mine);
            assert_eq!(fs::read(kit.stub(one)).unwrap(), stub);
            backups.push(backup);
        }
        assert_ne!(backups[0], backups[1]);
        fs::remove_file(kit.stub(one)).unwrap();
        assert_eq!(reset(&kit, one).unwrap(), Done::Reset(None));
    }

    #[test]
    fn without_a_stub_the_learners_file_stays() {
        let (_folder, kit) = sample::kit();
        let one = kit.catalogue().get("one").unwrap();
        fs::write(kit.stub(one), "mine").unwrap();
        assert_eq!(reset(&kit, one).unwrap_err().key(), "no-stub");
        assert_eq!(fs::read_to_string(kit.stub(one)).unwrap(), "mine");
    }
}
