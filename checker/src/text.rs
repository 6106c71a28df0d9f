//! Sentences of the checker: `exercises/text/LANGUAGE/checker.toml`, and for
//! instructors `grading.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use record::Fact;
use record::text::{fill, language};

/// English comes first: it is whole, and what others lack is taken from it.
static LANGUAGES: &[(&str, &str)] = &[
    ("en", include_str!("../../exercises/text/en/checker.toml")),
    #[cfg(feature = "teach")]
    ("en", include_str!("../../exercises/text/en/grading.toml")),
];

/// The sentence with this key, its `{blanks}` filled. A key without text is
/// shown as it is, with what was to fill it.
///
/// ```
/// let line = asynclings::text::say("standing", &[("done", &3), ("all", &10)]);
/// assert!(line.contains("3 of 10"));
/// ```
pub fn say(key: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    let fact = values.iter().fold(Fact::new(key), |fact, (name, value)| fact.with(name, value));
    say_fact(&fact)
}

/// A sentence whose key and blanks are data.
pub fn say_fact(fact: &Fact) -> String {
    match all().get(&fact.key) {
        Some(template) => fill(template, fact.args.iter().map(|(k, v)| (k.as_str(), v.as_str()))),
        None => record::text::sentence(fact),
    }
}

/// A word or phrase without blanks.
pub fn word(key: &str) -> &'static str {
    all().get(key).map_or("?", String::as_str)
}

fn all() -> &'static BTreeMap<String, String> {
    static TEXT: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let mut all = BTreeMap::new();
        for (_, toml) in LANGUAGES.iter().filter(|(code, _)| *code == "en" || *code == language()) {
            let table: Result<BTreeMap<String, String>, _> = toml::from_str(toml);
            // Compiled in, and read by this crate's tests.
            all.extend(table.unwrap_or_else(|e| {
                panic!("the checker's text: {} at {:?}", e.message(), e.span())
            }));
        }
        all
    });
    &TEXT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled() {
        assert_eq!(say("standing", &[("done", &3), ("all", &10)]), "3 of 10 exercises done");
        assert_eq!(word("no-such-key"), "?");
    }
}
