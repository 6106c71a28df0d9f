//! The command `report`: marks, exports and feedback pages, from what grading
//! has found.

use std::path::{Path, PathBuf};

use clap::{ArgAction, Parser, ValueEnum};
use record::Fact;

use super::course::{HandedIn, gradebook};
use super::export::{Format, export};
use super::feedback::{FeedbackOptions, feedback};
use super::grade::{course, default_store};
use super::model::Gradebook;
use super::store::{Detail, Store};
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::text::{say, say_fact, word};

/// `report` and what may follow it.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "report",
    bin_name = "cargo teach report",
    about = word("report-about"),
    after_help = word("report-after"),
    help_template = word("help-template"),
    next_help_heading = word("help-heading-options"),
    disable_help_flag = true
)]
pub struct ReportArgs {
    /// The folder that is written to.
    #[arg(value_name = word("report-value-out"), help = word("report-out"), help_heading = word("help-heading-arguments"))]
    pub out: PathBuf,
    /// The formats to export; may be said several times.
    #[arg(long, short, value_enum, value_delimiter = ',', hide_possible_values = true, help = word("report-format"))]
    pub format: Vec<Format>,
    /// Write the feedback pages.
    #[arg(long, help = word("report-feedback"))]
    pub feedback: bool,
    /// How many hints a feedback page gives for each exercise.
    #[arg(long, value_name = "N", default_value_t = 1, help = word("report-hints"), value_parser = clap::value_parser!(u8).range(0..=3))]
    pub hints: u8,
    /// The policy file; without one, the catalogue's points and no dates.
    #[arg(long, value_name = word("report-value-file"), help = word("report-course"))]
    pub course: Option<PathBuf>,

    /// Where what came of grading is kept.
    #[arg(long, value_name = word("report-value-file"), help = word("grade-store"))]
    pub store: Option<PathBuf>,

    #[arg(short, long, action = ArgAction::Help, help = word("help-help"))]
    help: Option<bool>,
}

/// What to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// The formats to export.
    pub formats: Vec<Format>,
    /// The feedback pages, if they are wanted.
    pub feedback: Option<FeedbackOptions>,
}

/// What a report wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// A folder for each format, and one for the feedback pages, each with
    /// the number of files in it.
    pub folders: Vec<(PathBuf, usize)>,
    /// What a format could not say, or an instructor should know before
    /// marks are handed out; in sentences of `grading.toml`.
    pub notes: Vec<Fact>,
}

impl ReportArgs {
    /// What to write. Whoever names nothing gets tables and pages.
    pub fn options(&self) -> ReportOptions {
        let mut formats: Vec<Format> = Vec::new();
        for format in &self.format {
            if !formats.contains(format) {
                formats.push(*format);
            }
        }
        let nothing = formats.is_empty() && !self.feedback;
        if nothing {
            formats.push(Format::Csv);
        }
        let hints = usize::from(self.hints);
        let feedback = (self.feedback || nothing).then_some(FeedbackOptions { hints });
        ReportOptions { formats, feedback }
    }

    /// Runs the command on what the store holds.
    ///
    /// # Errors
    /// It is to write to a file, or there is no store; else as [`course`] and [`report`].
    pub fn run(&self, kit: &Kit) -> Result<()> {
        if self.out.is_file() {
            return Err(Problem::new("report-not-a-folder").with("path", self.out.display()));
        }
        let course = course(kit, self.course.as_deref())?;
        let store = self.store.clone().unwrap_or_else(|| default_store(kit));
        let handed_in = in_store(&Store::open_existing(&store)?)?;
        let unknown: Vec<&str> = course
            .extended()
            .filter(|id| handed_in.students.iter().all(|s| s.id != **id))
            .collect();
        if !handed_in.students.is_empty() && !unknown.is_empty() {
            eprintln!("{}", say("report-unknown-extension", &[("students", &unknown.join(", "))]));
        }
        let book = gradebook(&course, kit, handed_in);
        let reported = report(&book, kit, &self.options(), &self.out)?;
        for note in &reported.notes {
            eprintln!("{}", say_fact(note));
        }
        for (folder, count) in &reported.folders {
            println!("{}", say("report-wrote", &[("count", count), ("folder", &folder.display())]));
        }
        Ok(())
    }
}

/// All that was handed in, and how it stands.
fn in_store(store: &Store) -> Result<HandedIn> {
    Ok(HandedIn {
        students: store.students()?,
        attempts: store.attempts(Detail::Whole)?,
        notes: store.submissions()?.into_iter().map(|s| (s.student, s.notes)).collect(),
        unsandboxed: store.unsandboxed()?,
    })
}

/// Writes what is wanted, each format to a folder of its own under `out`.
///
/// # Errors
/// As [`export`] and [`feedback`].
pub fn report(
    book: &Gradebook,
    kit: &Kit,
    options: &ReportOptions,
    out: &Path,
) -> Result<Reported> {
    let mut reported = Reported::default();
    if !book.unsandboxed.is_empty() {
        let layers = book.unsandboxed.join(", ");
        reported.notes.push(Fact::new("feedback-unsandboxed").with("layers", layers));
    }
    let entries = book.students.iter().flat_map(|s| &s.entries);
    let open = entries.filter(|e| super::student_view::words::is_open(e)).count();
    if open > 0 {
        reported.notes.push(Fact::new("feedback-regrade").with("count", open));
    }
    for format in &options.formats {
        let name = format.to_possible_value();
        let folder = out.join(name.as_ref().map_or("export", |name| name.get_name()));
        let exported = export(book, kit, *format, &folder)?;
        reported.notes.extend(exported.notes);
        reported.folders.push((folder, exported.files.len()));
    }
    if let Some(options) = options.feedback {
        let folder = out.join("feedback");
        let files = feedback(book, kit, options, &folder)?;
        reported.folders.push((folder, files.len()));
    }
    Ok(reported)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::grading::sample;

    fn parse(args: &[&str]) -> std::result::Result<ReportArgs, clap::Error> {
        ReportArgs::try_parse_from(["report"].iter().chain(args))
    }

    #[test]
    fn the_command_line_is_sound() {
        ReportArgs::command().debug_assert();
        let help = ReportArgs::command().render_help().to_string();
        for format in Format::value_variants() {
            let name = format.to_possible_value().unwrap().get_name().to_owned();
            assert!(help.contains(&name), "{name} is not in the help");
        }
        assert!(!help.contains('?'), "a sentence is missing: {help}");
    }

    #[test]
    fn what_is_typed_is_what_is_written() {
        let options = |args: &[&str]| parse(args).unwrap().options();
        let nothing = options(&["out"]);
        assert_eq!((nothing.formats, nothing.feedback.unwrap().hints), (vec![Format::Csv], 1));
        let some = options(&["out", "--format", "canvas,junit", "-f", "canvas"]);
        assert_eq!((some.formats, some.feedback), (vec![Format::Canvas, Format::Junit], None));
        let pages = options(&["out", "--feedback", "--hints", "3"]);
        assert_eq!((pages.formats.len(), pages.feedback.unwrap().hints), (0, 3));
        for wrong in [&["out", "--format", "excel"][..], &["out", "--hints", "4"], &[]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn every_format_has_a_folder_and_doubts_are_told() {
        let (_folder, kit) = sample::kit();
        let book = sample::book(&kit);
        let out = tempfile::tempdir().unwrap();
        let formats = Format::value_variants().to_vec();
        let options = ReportOptions { formats, feedback: Some(FeedbackOptions::default()) };
        let reported = report(&book, &kit, &options, out.path()).unwrap();
        assert_eq!(reported.folders.len(), 9);
        for (folder, count) in &reported.folders {
            assert!(folder.is_dir() && *count > 0, "{}", folder.display());
        }
        let keys: Vec<&str> = reported.notes.iter().map(|n| n.key.as_str()).collect();
        assert_eq!(keys, ["feedback-unsandboxed", "feedback-regrade", "export-moodle-left-out"]);
    }

    #[test]
    fn a_policy_file_with_a_mistake_stops_everything() {
        let (folder, kit) = sample::kit();
        let file = folder.path().join("course.toml");
        std::fs::write(&file, "[points]\nnone = 1\n").unwrap();
        let out = folder.path().join("out");
        let args = parse(&[out.to_str().unwrap(), "--course", file.to_str().unwrap()]).unwrap();
        let error = args.run(&kit).unwrap_err();
        assert_eq!(error.key(), "course-unknown-exercise");
        assert!(!out.exists());
    }
}
