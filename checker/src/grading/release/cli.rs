//! The command `release`.

use std::path::PathBuf;

use clap::{ArgAction, Parser};

use super::{ReleaseOptions, Released, release};
use crate::kit::Kit;
use crate::problem::Result;
use crate::text::{say, word};

/// `release` and what may follow it.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "release",
    bin_name = "cargo teach release",
    about = word("release-about"),
    after_help = word("release-after"),
    help_template = word("help-template"),
    next_help_heading = word("help-heading-options"),
    disable_help_flag = true
)]
pub struct ReleaseArgs {
    /// Where to.
    #[arg(value_name = word("release-value-folder"), help = word("release-folder"), help_heading = word("help-heading-arguments"))]
    folder: PathBuf,
    /// Numbers of the chapters; all of them if none is named.
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', help = word("release-chapters"))]
    chapters: Vec<u32>,
    /// What the edition is called.
    #[arg(long, value_name = word("release-value-label"), help = word("release-label-help"))]
    label: Option<String>,

    #[arg(short, long, action = ArgAction::Help, help = word("help-help"))]
    help: Option<bool>,
}

impl ReleaseArgs {
    /// Runs the command, and says what was made.
    ///
    /// # Errors
    /// As [`release`].
    pub fn run(&self, kit: &Kit) -> Result<()> {
        let Released { folder, edition, files } = release(
            kit,
            &ReleaseOptions {
                folder: self.folder.clone(),
                chapters: self.chapters.clone(),
                label: self.label.clone(),
            },
        )?;
        let done = say(
            "release-done",
            &[
                ("id", &edition.id),
                ("count", &edition.exercises.len()),
                ("files", &files),
                ("path", &folder.display()),
            ],
        );
        println!("{done}");
        Ok(())
    }
}
