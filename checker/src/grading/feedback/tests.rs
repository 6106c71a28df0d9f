//! Pages of every kind, with hostile names and verdicts.

use std::collections::BTreeMap;
use std::fs;

use tempfile::TempDir;

use super::*;
use crate::grading::sample;
use crate::grading::student_view::NEEDLE;

fn written(options: FeedbackOptions) -> BTreeMap<String, String> {
    let (_folder, kit) = sample::kit();
    let book = sample::book(&kit);
    let out = TempDir::new().unwrap();
    let files = feedback(&book, &kit, options, &out.path().join("new")).unwrap();
    let name = |p: &PathBuf| p.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(files.iter().all(|p| p.parent() == Some(&out.path().join("new"))), "{files:?}");
    files.iter().map(|p| (name(p), fs::read_to_string(p).unwrap())).collect()
}

/// Where the quotes of an attribute are not looked into.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

#[test]
fn a_page_for_each_student_and_an_index() {
    let pages = written(FeedbackOptions::default());
    assert_eq!(pages.len(), 5);
    let index = &pages["index.html"];
    for name in pages.keys().filter(|n| *n != "index.html") {
        assert!(index.contains(&format!("href=\"./{name}\"")), "{name}");
        assert!(!name.contains(['/', '<', '=', ' ']) && !name.starts_with('.'), "{name}");
    }
    assert!(index.contains("without these layers of the sandbox: network"));
    assert!(index.contains("2 answers have not been checked"), "Bob's and one of Cy's");
}

#[test]
fn nothing_hidden_and_nothing_that_runs_is_on_a_page() {
    for (name, html) in written(FeedbackOptions { hints: 3 }) {
        assert!(!html.contains(NEEDLE) && !html.contains("SECRET"), "{name}: {html}");
        assert!(!html.contains('\u{202e}') && !html.contains('\u{1b}') && !html.contains('\0'));
        // Elements that a page is made of; every other would be a stranger's.
        const OURS: [&str; 39] = [
            "!doctype",
            "html",
            "head",
            "body",
            "meta",
            "title",
            "style",
            "header",
            "h1",
            "h2",
            "h3",
            "h4",
            "p",
            "strong",
            "span",
            "meter",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "a",
            "section",
            "div",
            "code",
            "pre",
            "ul",
            "li",
            "details",
            "summary",
            "figure",
            "svg",
            "rect",
            "line",
            "text",
            "figcaption",
            "main",
            "nav",
        ];
        for tag in tags(&html) {
            let tag = tag.trim_start_matches('/');
            let element = tag.split([' ', '\n']).next().unwrap();
            assert!(OURS.contains(&element), "{name}: <{tag}>");
            let quoted: Vec<&str> = tag.split('"').collect();
            assert_eq!(quoted.len() % 2, 1, "{name}: <{tag}>");
            for outside in quoted.iter().step_by(2) {
                assert!(!outside.contains(" on") && !outside.contains(" src"), "{name}: <{tag}>");
            }
        }
        assert!(!html.contains("http:") && !html.contains("https:"), "{name} fetches something");
        for link in html.split("href=\"").skip(1) {
            assert!(link.starts_with('#') || link.starts_with("./"), "{name}: {link}");
        }
        assert!(!html.contains("url(") && !html.contains("@import"), "{name}");
        assert!(html.len() < 300_000, "{name}: {}", html.len());
    }
}

#[test]
fn elements_are_closed_in_order() {
    for (name, html) in written(FeedbackOptions { hints: 3 }) {
        let mut open: Vec<&str> = Vec::new();
        for tag in tags(&html).into_iter().filter(|t| !t.starts_with('!')) {
            let element = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
            if element == "meta" {
                continue;
            }
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(element), "{name}");
            } else {
                open.push(element);
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    }
}

#[test]
fn hints_are_given_as_many_as_are_wanted_and_only_where_they_help() {
    for hints in 0..=3 {
        let pages = written(FeedbackOptions { hints });
        // Of Ada's exercises one has passed, and two have not.
        assert_eq!(pages["ada.html"].matches(" of 3</summary>").count(), 2 * hints);
        assert!(!pages["ada.html"].contains("First of one."), "it has passed");
        assert_eq!(pages["ada.html"].contains("Second <code>x &lt; y</code>."), hints > 1);
    }
}

#[test]
fn a_pitfall_is_unfolded_where_it_is_met_first() {
    let pages = written(FeedbackOptions::default());
    let cy = &pages["cy.html"];
    assert_eq!(cy.matches("<details open=\"\">").count(), 1);
    assert!(cy.contains("Each await finished before the next began."));
    assert!(cy.contains("hidden test 1") && cy.contains("<svg"), "a picture without names");
}

#[test]
fn a_page_says_what_is_not_the_students_fault() {
    let pages = written(FeedbackOptions::default());
    let bob = &pages["bob.html"];
    assert!(bob.contains("That is not the student&#39;s fault"), "{bob}");
    assert!(bob.contains("`&amp;str` is not a future"), "what the compiler said");
}

#[test]
fn the_page_of_a_student() {
    let pages = written(FeedbackOptions::default());
    let body = pages["ada.html"].split("</style>").nth(1).unwrap();
    insta::assert_snapshot!(body);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let (folder, kit) = sample::kit();
    let book = sample::book(&kit);
    let out = folder.path().join("Cargo.toml");
    let error = feedback(&book, &kit, FeedbackOptions::default(), &out).unwrap_err();
    assert_eq!(error.key(), "cannot-write");
}
