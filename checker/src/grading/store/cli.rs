//! The command that joins stores.

use std::path::PathBuf;

use clap::{ArgAction, Parser};

use super::{Store, merge};
use crate::problem::Result;
use crate::text::{say, say_fact, word};

/// `merge` and what may follow it.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "merge",
    bin_name = "cargo teach merge",
    about = word("merge-about"),
    after_help = word("merge-after"),
    help_template = word("help-template"),
    next_help_heading = word("help-heading-options"),
    disable_help_flag = true
)]
pub struct MergeArgs {
    /// The store that gets everything.
    #[arg(value_name = word("store-value-into"), help = word("store-merge-into"), help_heading = word("help-heading-arguments"))]
    into: PathBuf,
    /// The stores of the shards.
    #[arg(value_name = word("store-value-from"), help = word("store-merge-from"), help_heading = word("help-heading-arguments"), required = true)]
    from: Vec<PathBuf>,

    #[arg(short, long, action = ArgAction::Help, help = word("help-help"))]
    help: Option<bool>,
}

impl MergeArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// As [`merge`].
    pub fn run(&self) -> Result<()> {
        let mut into = Store::open(&self.into)?;
        let merged = merge(&mut into, &self.from)?;
        for conflict in &merged.conflicts {
            eprintln!("{}", say_fact(conflict));
        }
        let values: [(&str, &dyn std::fmt::Display); 7] = [
            ("path", &self.into.display()),
            ("stores", &self.from.len()),
            ("students", &merged.students),
            ("submissions", &merged.submissions),
            ("attempts", &merged.attempts),
            ("verdicts", &merged.verdicts),
            ("conflicts", &merged.conflicts.len()),
        ];
        println!("{}", say("store-merged", &values));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_are_merged_by_the_command() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let parse = |names: &[&str]| {
            let args = names.iter().map(|name| path(name).into_os_string());
            MergeArgs::try_parse_from(std::iter::once("merge".into()).chain(args))
        };
        assert!(parse(&["into"]).is_err(), "nothing to merge");
        drop(Store::open(&path("one")).unwrap());
        parse(&["into", "one"]).unwrap().run().unwrap();
        assert!(path("into").is_file());
        let problem = parse(&["into", "one", "two"]).unwrap().run().unwrap_err();
        assert_eq!(problem.key(), "store-none");
    }
}
