//! Who reads the record of a run.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::{env, io};

use record::proof::{ASKED, Secret};

/// Who reads a record.
pub(crate) enum Reader {
    /// A person who typed `cargo test`: a card on standard error.
    Person,
    /// The checker: JSON in this file.
    Checker(PathBuf),
    /// A grader, who trusts nobody: the same, sealed.
    Grader(PathBuf, Secret),
    /// Nobody asked for this run.
    Nobody,
}

impl Reader {
    /// The reader of the run that begins now.
    ///
    /// A grader's process runs one test, and the first run is that test's,
    /// because no code of an answer runs before it. Whatever calls the kit
    /// later is not the test, so it gets no seal. The secret comes through
    /// standard input, which can be read once: afterwards it is nowhere but in
    /// the first run's recorder.
    pub(crate) fn of_this_run() -> Self {
        static SECRET_TAKEN: OnceLock<()> = OnceLock::new();
        let Some(path) = env::var_os("ASYNCLINGS_RECORD").map(PathBuf::from) else {
            return Reader::Person;
        };
        if env::var_os(ASKED).is_none() {
            return Reader::Checker(path);
        }
        if SECRET_TAKEN.set(()).is_err() {
            return Reader::Nobody;
        }
        let mut line = String::new();
        match io::stdin().read_line(&mut line) {
            Ok(length) if length > 1 => Reader::Grader(path, Secret::new(line.trim().as_bytes())),
            // Without a secret there is no proof, and without proof no pass.
            _ => Reader::Nobody,
        }
    }
}
