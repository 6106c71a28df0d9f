//! Text that a person reads, a folder per language.
//!
//! The words stand in `exercises/text/LANGUAGE/*.toml`; a translation adds a
//! folder and a line to `LANGUAGES`. What a translation lacks is taken from
//! English.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::Fact;
use crate::pitfall::PitfallText;

struct Language {
    code: &'static str,
    pitfalls: &'static str,
    kit: &'static str,
}

macro_rules! language {
    ($code:literal) => {
        Language {
            code: $code,
            pitfalls: include_str!(concat!("../../../exercises/text/", $code, "/pitfalls.toml")),
            kit: include_str!(concat!("../../../exercises/text/", $code, "/kit.toml")),
        }
    };
}

/// English comes first: it is whole, and what others lack is taken from it.
static LANGUAGES: &[Language] = &[language!("en")];

/// The reader's language: `ASYNCLINGS_LANG`, else `LC_ALL`, `LC_MESSAGES`,
/// `LANG`, if there is text for it; else `en`.
pub fn language() -> &'static str {
    static CODE: LazyLock<&'static str> = LazyLock::new(|| {
        let wanted = ["ASYNCLINGS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .unwrap_or_default();
        LANGUAGES
            .iter()
            .find(|l| wanted.to_lowercase().starts_with(l.code))
            .map_or("en", |l| l.code)
    });
    &CODE
}

fn load<T: serde::de::DeserializeOwned>(of: fn(&Language) -> &'static str) -> BTreeMap<String, T> {
    let mut all = BTreeMap::new();
    for l in LANGUAGES.iter().filter(|l| l.code == "en" || l.code == language()) {
        let table: BTreeMap<String, T> =
            toml::from_str(of(l)).expect("the text files are checked by this crate's tests");
        all.extend(table);
    }
    all
}

/// Text of all pitfalls.
pub fn pitfalls() -> &'static BTreeMap<String, PitfallText> {
    static TEXT: LazyLock<BTreeMap<String, PitfallText>> = LazyLock::new(|| load(|l| l.pitfalls));
    &TEXT
}

/// A sentence of the kit, its `{blanks}` filled. A key without text is shown
/// as it is: better than to hide what a test saw.
pub fn sentence(fact: &Fact) -> String {
    let Some(template) = kit().get(&fact.key) else {
        let args: Vec<String> = fact.args.iter().map(|(k, v)| format!("{k}={v}")).collect();
        return format!("{} {}", fact.key, args.join(" ")).trim_end().to_owned();
    };
    fill(template, fact.args.iter().map(|(k, v)| (k.as_str(), v.as_str())))
}

/// A word or phrase of the kit without blanks.
pub fn word(key: &str) -> String {
    kit().get(key).cloned().unwrap_or_else(|| key.to_owned())
}

/// Whether the kit's text has a sentence for this key.
pub fn has_sentence(key: &str) -> bool {
    kit().contains_key(key)
}

/// Replaces each `{name}` in `template` by its value, in one pass: a value
/// that itself looks like a blank stays as it is.
pub fn fill<'a>(template: &str, values: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let values: BTreeMap<&str, &str> = values.into_iter().collect();
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, blank) = rest.split_at(open);
        text.push_str(before);
        let known = blank.find('}').and_then(|close| Some((close, values.get(&blank[1..close])?)));
        match known {
            Some((close, value)) => {
                text.push_str(value);
                rest = &blank[close + 1..];
            }
            None => {
                text.push('{');
                rest = &blank[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// The `[tests]` table of an exercise's text: for each test, the sentence that
/// says what it demands. Empty if the text does not parse: the checker reports
/// that where an author sees it.
pub fn tests_table(exercise_toml: &str) -> BTreeMap<String, String> {
    #[derive(serde::Deserialize)]
    struct ExerciseText {
        #[serde(default)]
        tests: BTreeMap<String, String>,
    }
    toml::from_str(exercise_toml).map(|t: ExerciseText| t.tests).unwrap_or_default()
}

fn kit() -> &'static BTreeMap<String, String> {
    static TEXT: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| load(|l| l.kit));
    &TEXT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled_and_unknown_keys_shown() {
        assert_eq!(fill("{a} and {b}", [("a", "{b}"), ("b", "2")]), "{b} and 2");
        assert_eq!(fill("Some { x: {a} } {", [("a", "1")]), "Some { x: 1 } {");
        assert_eq!(sentence(&Fact::new("no-such-key").with("n", 3)), "no-such-key n=3");
    }
}
