//! The command `report`: marks and feedback out of the store.

use std::path::PathBuf;

use clap::{ArgAction, Parser, ValueEnum};
use record::Fact;

use super::{course, default_store};
use crate::grading::course::{HandedIn, gradebook};
use crate::grading::export::{self, Format};
use crate::grading::model::Gradebook;
use crate::grading::store::{Detail, Store};
use crate::kit::Kit;
use crate::problem::Result;
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
    /// In which form.
    #[arg(value_enum, value_name = word("report-value-form"), hide_possible_values = true, help = word("report-form"), help_heading = word("help-heading-arguments"))]
    form: Form,
    /// The folder to write to.
    #[arg(long, short, value_name = word("grade-value-folder"), default_value = "grades", help = word("report-out"))]
    out: PathBuf,
    /// What the course demands.
    #[arg(long, value_name = "TOML", help = word("grade-course"))]
    course: Option<PathBuf>,
    /// Where what came of grading is kept.
    #[arg(long, value_name = word("grade-value-file"), help = word("grade-store"))]
    store: Option<PathBuf>,

    #[arg(short, long, action = ArgAction::Help, help = word("help-help"))]
    help: Option<bool>,
}

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A page for each student.
    Feedback,
    /// A format of others.
    Export(Format),
}

impl ValueEnum for Form {
    fn value_variants<'a>() -> &'a [Self] {
        const FORMS: [Form; 9] = [
            Form::Feedback,
            Form::Export(Format::Csv),
            Form::Export(Format::Json),
            Form::Export(Format::Gradescope),
            Form::Export(Format::Exercism),
            Form::Export(Format::GithubClassroom),
            Form::Export(Format::Junit),
            Form::Export(Format::Canvas),
            Form::Export(Format::Moodle),
        ];
        &FORMS
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        match self {
            Form::Feedback => Some(clap::builder::PossibleValue::new("feedback")),
            Form::Export(format) => format.to_possible_value(),
        }
    }
}

impl ReportArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// There is no store, it cannot be read, or a file cannot be written.
    pub fn run(&self, kit: &Kit) -> Result<()> {
        let store = self.store.clone().unwrap_or_else(|| default_store(kit));
        let store = Store::open_existing(&store)?;
        let course = course(kit, self.course.as_deref())?;
        // Pages draw what happened; mark sheets need no more than what came of it.
        let detail = match self.form {
            Form::Export(Format::Canvas | Format::Moodle | Format::Csv) => Detail::Marks,
            _ => Detail::Whole,
        };
        let handed_in = HandedIn {
            students: store.students()?,
            attempts: store.attempts(detail)?,
            notes: store.submissions()?.into_iter().map(|s| (s.student, s.notes)).collect(),
            unsandboxed: store.unsandboxed()?,
        };
        let book = gradebook(&course, kit, handed_in);
        let (files, notes) = self.write(&book, kit)?;
        for note in &notes {
            eprintln!("! {}", say_fact(note));
        }
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("count", &files.len()), ("folder", &self.out.display())];
        println!("{}", say("report-done", &values));
        Ok(())
    }

    fn write(&self, book: &Gradebook, kit: &Kit) -> Result<(Vec<PathBuf>, Vec<Fact>)> {
        match self.form {
            Form::Export(format) => {
                let exported = export::export(book, kit, format, &self.out)?;
                Ok((exported.files, exported.notes))
            }
            Form::Feedback => Ok((Vec::new(), Vec::new())),
        }
    }
}
