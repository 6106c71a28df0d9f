//! The arguments of `cargo test -- …`: those of Rust's own test harness, as
//! far as they mean something here. Editors and other runners pass them.

use std::ffi::OsString;

use lexopt::prelude::*;

use crate::problem::Problem;

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Args {
    /// Only exercises whose names contain one of these; all if there are none.
    pub filters: Vec<String>,
    /// Not those whose names contain one of these.
    pub skip: Vec<String>,
    /// Names must be equal, not only contained.
    pub exact: bool,
    /// Only say which there are.
    pub list: bool,
    /// Without the heading and the end, for programs.
    pub terse: bool,
    /// Only those that are marked to be ignored; no exercise is.
    pub ignored: bool,
    /// How many at once; by default as many as there are cores.
    pub threads: Option<usize>,
    /// Whether to colour; by default where a terminal is.
    pub color: Option<bool>,
    /// Say what may be asked for.
    pub help: bool,
}

impl Args {
    /// Reads the arguments of this program; the first is its name.
    pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Self, Problem> {
        Args::read(lexopt::Parser::from_iter(args))
            .map_err(|e| Problem::new("bad-argument").with("error", e))
    }

    fn read(mut parser: lexopt::Parser) -> Result<Self, lexopt::Error> {
        let mut args = Args::default();
        while let Some(arg) = parser.next()? {
            match arg {
                Value(filter) => args.filters.push(filter.string()?),
                Long("skip") => args.skip.push(parser.value()?.string()?),
                Long("exact") => args.exact = true,
                Long("list") => args.list = true,
                Long("ignored") => args.ignored = true,
                Long("test-threads") => args.threads = Some(parser.value()?.parse()?),
                Long("format") => args.terse = parser.value()?.string()? == "terse",
                Short('q') | Long("quiet") => args.terse = true,
                Long("color") => {
                    args.color = match parser.value()?.string()?.as_str() {
                        "always" => Some(true),
                        "never" => Some(false),
                        _ => None,
                    }
                }
                Short('h') | Long("help") => args.help = true,
                // What is printed is always shown, and every exercise counts.
                Long("nocapture" | "no-capture" | "show-output" | "include-ignored" | "test") => {}
                Long("bench") => args.ignored = true,
                Short('Z') | Long("logfile") => drop(parser.value()?),
                other => return Err(other.unexpected()),
            }
        }
        Ok(args)
    }

    /// Whether the exercise with this name was asked for.
    pub fn wants(&self, name: &str) -> bool {
        let fits =
            |filter: &String| if self.exact { name == filter } else { name.contains(filter) };
        let asked = self.filters.is_empty() || self.filters.iter().any(fits);
        asked && !self.skip.iter().any(fits) && !self.ignored
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, Problem> {
        Args::parse(["self_grade"].into_iter().chain(line.split_whitespace()).map(OsString::from))
    }

    #[test]
    fn names_are_filtered_as_the_usual_harness_does() {
        let wants = |line: &str| {
            let args = parse(line).unwrap();
            ["slot", "slots", "yield_now"].map(|name| args.wants(name))
        };
        assert_eq!(wants(""), [true, true, true]);
        assert_eq!(wants("slot"), [true, true, false]);
        assert_eq!(wants("--exact slot"), [true, false, false]);
        assert_eq!(wants("slot yield"), [true, true, true]);
        assert_eq!(wants("--skip slot"), [false, false, true]);
        assert_eq!(wants("--ignored"), [false, false, false]);
    }

    #[test]
    fn what_editors_pass_is_understood() {
        let args = parse("--nocapture --test-threads=1 --format terse --color never slot").unwrap();
        assert_eq!(args.threads, Some(1));
        assert_eq!((args.terse, args.color), (true, Some(false)));
        assert_eq!(args.filters, ["slot"]);
        assert!(parse("--list --quiet").unwrap().list);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(parse("--fast").unwrap_err().to_string().contains("--fast"));
        assert!(parse("--test-threads=many").is_err());
    }
}
