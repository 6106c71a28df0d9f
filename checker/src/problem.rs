//! What stopped the checker itself, as a sentence that says what to do.

use std::fmt;

use record::Fact;

use crate::text;

/// Something that stopped the checker: no kit here, a catalogue with a
/// mistake, no compiler. Its words stand in `checker.toml` under the key, and
/// say what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<Fact>);

/// The result of what may be stopped by a [`Problem`].
pub type Result<T, E = Problem> = std::result::Result<T, E>;

impl Problem {
    /// The problem with this key in `checker.toml`.
    pub fn new(key: &str) -> Self {
        Problem(Box::new(Fact::new(key)))
    }

    /// Fills one blank of its sentence.
    #[must_use]
    pub fn with(self, name: &str, value: impl fmt::Display) -> Self {
        Problem(Box::new(self.0.with(name, value)))
    }

    /// An error of the operating system over a file: what was tried (a verb
    /// key such as `read`), where, and what the system said.
    pub fn io(doing: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Problem::new(&format!("cannot-{doing}")).with("path", path.display()).with("error", error)
    }

    /// Its key in `checker.toml`, for programs and tests.
    pub fn key(&self) -> &str {
        &self.0.key
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::say_fact(&self.0))
    }
}

impl std::error::Error for Problem {}
