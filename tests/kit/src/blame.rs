//! Checks that name what went wrong.

use std::fmt::{Debug, Display};
use std::panic::Location;
use std::time::Duration;

use record::{Diagnosis, Fact};

use crate::recorder::{self, Thrown, brief};

/// A check that, when it fails, names a pitfall and the facts that showed it.
#[must_use = "a check that is not asked checks nothing: end with unless, unless_eq or now"]
#[derive(Clone, Debug)]
pub struct Blame {
    diagnosis: Diagnosis,
}

/// Starts a check for the pitfall with this id (see `exercises/pitfalls.toml`).
///
/// # Panics
/// The id is not in the catalogue: a mistake of the test's author.
#[track_caller]
pub fn blame(pitfall: &str) -> Blame {
    assert!(record::pitfall::exists(pitfall), "no pitfall is called {pitfall:?}");
    Blame { diagnosis: Diagnosis { pitfall: Some(pitfall.to_owned()), ..Diagnosis::default() } }
}

/// Starts a check whose failure is a plain mistake: wrong, but no misunderstanding
/// that has a name.
pub fn plainly() -> Blame {
    Blame { diagnosis: Diagnosis::default() }
}

impl Blame {
    /// Adds what was observed: a sentence of `exercises/text/…/kit.toml`, and
    /// the values for its blanks.
    pub fn because(mut self, key: &str, values: &[(&str, &dyn Display)]) -> Self {
        let fact = values.iter().fold(Fact::new(key), |fact, (name, value)| fact.with(name, value));
        self.diagnosis.facts.push(fact);
        self
    }

    /// Tells the timeline how long the run should have taken.
    pub(crate) fn expecting(mut self, time: Duration) -> Self {
        self.diagnosis.expected_us = Some(time.as_micros() as u64);
        self
    }

    /// Fails the test unless `holds`.
    #[track_caller]
    pub fn unless(self, holds: bool) {
        if !holds {
            self.now();
        }
    }

    /// Fails the test unless `got` equals `expected`; both are shown.
    #[track_caller]
    pub fn unless_eq<T: PartialEq<U> + Debug, U: Debug>(self, got: T, expected: U) {
        if got != expected {
            self.unequal(&got, &expected);
        }
    }

    /// Compiled once, with the kit, and not with every answer for each type.
    #[track_caller]
    fn unequal(self, got: &dyn Debug, expected: &dyn Debug) -> ! {
        let [got, expected] =
            [got, expected].map(|value| brief(&format!("{value:?}"), LONGEST_VALUE));
        self.because("not-equal", &[("got", &got), ("expected", &expected)]).now()
    }

    /// Fails the test.
    #[track_caller]
    pub fn now(mut self) -> ! {
        let caller = Location::caller();
        self.diagnosis.location = Some(format!("{}:{}", caller.file(), caller.line()));
        match recorder::current() {
            Some(recorder) => recorder.diagnose(self.diagnosis),
            // On a thread of its own the test cannot be told; the panic can.
            None => {
                let facts: Vec<String> =
                    self.diagnosis.facts.iter().map(record::text::sentence).collect();
                let pitfall = self.diagnosis.pitfall.as_deref().unwrap_or("failed");
                panic!("{pitfall}: {}", facts.join(" "));
            }
        }
        std::panic::panic_any(Thrown)
    }
}

/// Bytes of a value as `{:?}` that stand on a card.
const LONGEST_VALUE: usize = 300;
