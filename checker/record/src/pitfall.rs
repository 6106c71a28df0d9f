//! The catalogue of pitfalls: data in `exercises/pitfalls.toml`, text per
//! language beside it. Both are compiled in, so that a failing test can name
//! its pitfall wherever it runs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::text;

/// How a pitfall is seen. Several can show in one run; the earliest stage
/// explains the rest, so the order here is the order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The compiler refuses a bound that the exercise promises.
    TypeGate,
    /// A rule between `poll` and its caller was broken.
    PollContract,
    /// An invariant fell when the future was dropped half-way.
    CancelSweep,
    /// The order or the duration of the work is wrong.
    Schedule,
    /// Something was still alive at the end.
    Leak,
    /// The run had to be ended from outside.
    Watchdog,
}

/// A message of the compiler that gives a pitfall away.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompileSign {
    /// Error code or lint name: `E0728`, `unused_must_use`.
    pub code: Option<String>,
    /// Words that the message must contain.
    pub phrase: Option<String>,
    /// Words that it must not contain: what the compiler says of another mistake.
    pub unless: Option<String>,
}

impl CompileSign {
    /// Whether a diagnostic with this code and text is the sign.
    pub fn matches(&self, code: Option<&str>, text: &str) -> bool {
        let code_fits = self.code.as_deref().is_none_or(|c| code == Some(c));
        let phrase_fits = self.phrase.as_deref().is_none_or(|p| text.contains(p));
        let another = self.unless.as_deref().is_some_and(|u| text.contains(u));
        (self.code.is_some() || self.phrase.is_some()) && code_fits && phrase_fits && !another
    }
}

/// What is known of a pitfall, apart from its text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pitfall {
    /// Family, such as `laziness`.
    pub group: String,
    /// How it is seen.
    pub stage: Stage,
    /// Compiler messages in the learner's own file that give it away.
    #[serde(default)]
    pub compile: Vec<CompileSign>,
    /// Where the pitfall is documented.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// A pitfall's text in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PitfallText {
    /// A few words.
    pub title: String,
    /// One sentence: what the future did.
    pub say: String,
    /// Cause and effect.
    pub why: String,
    /// What to do instead.
    pub cure: String,
    /// An example of it.
    pub wrong: String,
    /// The example, cured.
    pub right: String,
    /// The counterpart in Python's asyncio.
    pub python: String,
}

const SOURCE: &str = include_str!("../../../exercises/pitfalls.toml");

static PITFALLS: LazyLock<BTreeMap<String, Pitfall>> = LazyLock::new(|| {
    toml::from_str(SOURCE).expect("exercises/pitfalls.toml is checked by this crate's tests")
});

/// The catalogue as it is written, for those who must know when it changes.
pub fn source() -> &'static str {
    SOURCE
}

/// All pitfalls by id, in alphabetical order.
pub fn all() -> &'static BTreeMap<String, Pitfall> {
    &PITFALLS
}

/// Whether there is a pitfall with this id.
///
/// Does not read the whole catalogue: every passing test asks, in a process of
/// its own, and there reading it would take longer than the test.
pub fn exists(id: &str) -> bool {
    SOURCE.lines().any(|line| {
        line.strip_prefix('[').and_then(|l| l.strip_suffix(']')).is_some_and(|name| name == id)
    })
}

/// The pitfall with this id.
pub fn get(id: &str) -> Option<&'static Pitfall> {
    PITFALLS.get(id)
}

/// The pitfall's text in the reader's language, or in English.
pub fn describe(id: &str) -> Option<&'static PitfallText> {
    text::pitfalls().get(id)
}

/// The ids most like `typed`, best first, for "did you mean".
pub fn similar_to(typed: &str) -> Vec<&'static str> {
    let words: Vec<&str> = typed.split(['-', '_', ' ']).filter(|w| w.len() > 2).collect();
    let mut found: Vec<(usize, &'static str)> = PITFALLS
        .keys()
        .map(|id| (words.iter().filter(|w| id.contains(**w)).count(), id.as_str()))
        .filter(|(hits, _)| *hits > 0)
        .collect();
    found.sort_by_key(|(hits, _)| std::cmp::Reverse(*hits));
    found.into_iter().map(|(_, id)| id).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pitfall_has_text_and_every_text_a_pitfall() {
        let data: Vec<_> = all().keys().collect();
        let text: Vec<_> = text::pitfalls().keys().collect();
        assert_eq!(data, text);
        assert_eq!(data.len(), 95);
    }

    #[test]
    fn what_exists_is_what_the_catalogue_holds() {
        assert!(all().keys().all(|id| exists(id)));
        for id in ["", "sequential", "sequential-awaits ", "compile"] {
            assert!(!exists(id), "{id}");
        }
    }

    #[test]
    fn a_sign_needs_all_that_it_names() {
        let sign = CompileSign {
            code: Some("E0277".into()),
            phrase: Some("is not a future".into()),
            unless: Some("pin and box".into()),
        };
        assert!(sign.matches(Some("E0277"), "`&str` is not a future"));
        assert!(!sign.matches(Some("E0277"), "`&str` is not a future: pin and box it"));
        assert!(!sign.matches(Some("E0277"), "`?` couldn't convert"));
        assert!(!sign.matches(None, "`&str` is not a future"));
        let empty = CompileSign { code: None, phrase: None, unless: None };
        assert!(!empty.matches(Some("E0277"), "anything"), "an empty sign would match everything");
    }

    #[test]
    fn a_mistyped_id_is_guessed() {
        assert_eq!(similar_to("sequential")[0], "sequential-awaits");
        assert!(similar_to("zzz").is_empty());
    }
}
