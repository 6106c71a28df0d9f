//! What a student reads: the catalogue, the texts of exercises, the README.

use std::collections::BTreeSet;

use record::text::fill;
use syn::visit::{self, Visit};
use toml_edit::{Array, DocumentMut, Item, value};

use super::files::not_rust;
use super::manifest::parse;
use super::source::Wrong;
use crate::catalogue::Chapter;
use crate::edition::Edition;
use crate::kit::Kit;
use crate::problem::Result;

const README: &str = include_str!("templates/README.md");
const IGNORED: &str = include_str!("templates/gitignore");

/// The catalogue with these chapters only.
///
/// # Errors
/// It is no TOML.
pub fn catalogue(text: &str, path: &str, chapters: &[&Chapter]) -> Result<String> {
    let mut catalogue = parse(text, path)?;
    if let Some(all) = catalogue.get_mut("chapter").and_then(Item::as_array_of_tables_mut) {
        // Over the first one stands what the whole file is about.
        let head = all.get(0).and_then(|c| c.decor().prefix()?.as_str()).map(str::to_owned);
        all.retain(|entry| {
            let folder = entry.get("folder").and_then(Item::as_str);
            chapters.iter().any(|c| Some(c.folder.as_str()) == folder)
        });
        if let (Some(head), Some(first)) = (head, all.get_mut(0)) {
            first.decor_mut().set_prefix(head);
        }
    }
    Ok(catalogue.to_string())
}

/// The text of an exercise with the demands of visible tests only.
///
/// # Errors
/// It is no TOML.
pub fn exercise(text: &str, path: &str, visible: &BTreeSet<String>) -> Result<String> {
    let mut text = parse(text, path)?;
    if let Some(tests) = text.get_mut("tests").and_then(Item::as_table_like_mut) {
        let hidden: Vec<String> = tests
            .iter()
            .map(|(name, _)| name.to_owned())
            .filter(|n| !visible.contains(n))
            .collect();
        for name in hidden {
            tests.remove(&name);
        }
    }
    Ok(text.to_string())
}

/// The names of the tests in a file.
///
/// # Errors
/// It is no Rust.
pub fn tests(text: &str, path: &str) -> Result<BTreeSet<String>> {
    #[derive(Default)]
    struct Names(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
            if item.attrs.iter().any(|a| a.path().is_ident("test")) {
                self.0.insert(item.sig.ident.to_string());
            }
            visit::visit_item_fn(self, item);
        }
    }
    let file = syn::parse_file(text).map_err(|e| {
        not_rust(path, &Wrong { line: e.span().start().line, error: e.to_string() })
    })?;
    let mut names = Names::default();
    names.visit_file(&file);
    Ok(names.0)
}

/// The README of an edition.
pub fn readme(kit: &Kit, edition: &Edition, chapters: &[&Chapter]) -> String {
    let row = |chapter: &&Chapter| {
        let names: Vec<String> =
            chapter.exercises.iter().map(|e| format!("`{}`", e.name)).collect();
        let minutes: u32 = chapter.exercises.iter().map(|e| e.minutes).sum();
        format!(
            "| [{} {}](exercises/{}) | {} | {minutes} |",
            chapter.number,
            kit.chapter_title(chapter),
            chapter.folder,
            names.join(" ")
        )
    };
    let rows: Vec<String> = chapters.iter().map(row).collect();
    let first = edition.exercises.first().map_or("", String::as_str);
    let label = edition.label.as_ref().map(|l| format!(", {}", plain(l))).unwrap_or_default();
    let values = [
        ("chapters", rows.join("\n")),
        ("first", first.to_owned()),
        ("id", edition.id.clone()),
        ("label", label),
    ];
    fill(README, values.iter().map(|(name, value)| (*name, value.as_str())))
}

/// What git is not to keep in an edition.
pub fn ignored() -> &'static str {
    IGNORED
}

/// `edition.toml`.
pub fn edition(edition: &Edition) -> String {
    let mut file = DocumentMut::new();
    file["id"] = value(&edition.id);
    if let Some(label) = &edition.label {
        file["label"] = value(label);
    }
    file["kit"] = value(&edition.kit);
    file["exercises"] = value(Array::from_iter(edition.exercises.iter().map(String::as_str)));
    format!("{}{file}", include_str!("templates/edition.toml"))
}

/// A label as Markdown shows it letter by letter.
fn plain(label: &str) -> String {
    let mut plain = String::new();
    for c in label.chars() {
        if c.is_ascii_punctuation() {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_visible_tests_are_spoken_of() {
        let names = tests(
            "#[test]\nfn seen() {}\nfn helper() {}\nmod inner {\n    #[test]\n    fn deep() {}\n}\n",
            "visible.rs",
        );
        let names = names.unwrap();
        assert_eq!(names.iter().collect::<Vec<_>>(), ["deep", "seen"]);
        let text = "# Head.\ntitle = 't'\n\n# Demands.\n[tests]\nseen = 'a'\nunseen = 'b'\n";
        let left = exercise(text, "x.toml", &names).unwrap();
        assert_eq!(left, "# Head.\ntitle = 't'\n\n# Demands.\n[tests]\nseen = 'a'\n");
        let inline = exercise("tests = { unseen = 'b', seen = 'a' }\n", "x.toml", &names).unwrap();
        assert!(!inline.contains("unseen"), "{inline}");
    }

    #[test]
    fn the_catalogue_loses_chapters_and_keeps_its_head() {
        let text = "# Head.\n\n[[chapter]]\nnumber = 1\nfolder = \"01_a\"\n\n[[chapter.exercise]]\n\
                    name = \"one\"\n\n[[chapter]]\nnumber = 2\nfolder = \"02_b\"\n\n\
                    [[chapter.exercise]]\nname = \"two\"\n";
        let kept = Chapter { number: 2, folder: "02_b".to_owned(), exercises: Vec::new() };
        let left = catalogue(text, "catalogue.toml", &[&kept]).unwrap();
        assert_eq!(
            left,
            "# Head.\n\n[[chapter]]\nnumber = 2\nfolder = \"02_b\"\n\n[[chapter.exercise]]\nname = \"two\"\n"
        );
    }

    #[test]
    fn a_label_may_hold_quotes_and_marks() {
        let label = "\"Async\" [x](y) <b> #1";
        let made = Edition {
            id: "abc".to_owned(),
            label: Some(label.to_owned()),
            kit: "0.1.0".to_owned(),
            exercises: vec!["one".to_owned(), "two".to_owned()],
        };
        assert_eq!(Edition::parse(&edition(&made)), Some(made));
        assert_eq!(plain(label), r#"\"Async\" \[x\]\(y\) \<b\> \#1"#);
    }
}
