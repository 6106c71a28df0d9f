//! Whose a compiler message is: the answer's, a test's, a case's.

use std::path::{Path, PathBuf};

use record::pitfall::{self, Pitfall};

use crate::catalogue::Exercise;
use crate::diagnostics::{Diagnostic, Span};
use crate::verdict::{CompileMessage, Level, Place};

/// The files that take part in a compilation.
pub(crate) struct Files<'a> {
    /// Names in messages are relative to this folder …
    pub root: &'a Path,
    /// … or to the one of the answer, if that is not a file of the kit.
    pub answer: &'a Path,
    pub exercise: &'a Exercise,
    /// The test files with their text.
    pub tests: &'a [(PathBuf, String)],
    /// The compile-fail cases.
    pub cases: &'a [PathBuf],
}

/// The path from the kit's root, of a file that belongs to a kit: what stands in
/// the target folder does not.
pub(crate) fn inside_kit<'p>(root: &Path, path: &'p Path) -> Option<&'p Path> {
    const OURS: [&str; 3] = ["exercises", "solutions", "tests"];
    let inside = path.strip_prefix(root).ok()?;
    OURS.iter().any(|folder| inside.starts_with(folder)).then_some(inside)
}

/// The compiler writes the names of long types to files beside its output, and
/// tells where. They are gone when somebody reads this, and where they were is
/// nothing that a student should be told.
fn without_side_files(ansi: &str) -> String {
    const TOLD: [&str; 2] =
        [".long-type-", "consider using `--verbose` to print the full type name"];
    let is_told = |line: &&str| TOLD.iter().any(|words| line.contains(words));
    ansi.split_inclusive('\n').filter(|line| !is_told(line)).collect()
}

/// The remark that marks a line of a test as a type gate.
const GATE: &str = "// gate:";

impl Files<'_> {
    /// The compiler is told to name files relative to these folders.
    pub fn remaps(&self) -> Vec<(&Path, &'static str)> {
        let mut remaps = vec![(self.root, "")];
        if inside_kit(self.root, self.answer).is_none()
            && let Some(folder) = self.answer.parent()
        {
            remaps.push((folder, ""));
        }
        remaps
    }

    /// The message as the verdict tells it.
    pub fn attribute(&self, diagnostic: &Diagnostic) -> CompileMessage {
        let primary = diagnostic.spans.iter().filter(|s| s.is_primary);
        let mut places: Vec<&Span> = primary.flat_map(Span::outwards).collect();
        // Of types that contain each other the compiler says which ones are in the
        // circle, and no place; that stands in its notes.
        if diagnostic.primary().is_none_or(Span::is_nowhere) {
            places.extend(diagnostic.places());
        }
        let found = places.into_iter().find_map(|span| Some((self.place_of(span)?, span)));
        let span = found.as_ref().map(|(_, span)| *span).or(diagnostic.primary());
        let place = found.as_ref().map_or(Place::Elsewhere, |((place, _), _)| *place);
        let gate = found.as_ref().and_then(|((_, gate), _)| gate.clone());
        let answer_line = diagnostic
            .places()
            .into_iter()
            .find(|span| self.is(span, self.answer))
            .map(|span| span.line_start);
        let level = if diagnostic.is_error() { Level::Error } else { Level::Warning };
        let in_answer = place == Place::Answer;
        let ansi = without_side_files(diagnostic.ansi());
        CompileMessage {
            level,
            code: diagnostic.code().map(str::to_owned),
            message: diagnostic.message.clone(),
            place,
            file: span.map(|s| s.file_name.clone()),
            line: span.map(|s| s.line_start),
            column: span.map(|s| s.column_start),
            answer_line: match span {
                Some(span) if in_answer => Some(span.line_start),
                _ => answer_line,
            },
            pitfall: gate.or_else(|| in_answer.then(|| self.sign(diagnostic)).flatten()),
            rendered: anstream::adapter::strip_str(&ansi).to_string(),
            ansi,
        }
    }

    /// Which of the files a place is in; for a gate, its pitfall too.
    fn place_of(&self, span: &Span) -> Option<(Place, Option<String>)> {
        if self.is(span, self.answer) {
            return Some((Place::Answer, None));
        }
        if let Some((_, text)) = self.tests.iter().find(|(path, _)| self.is(span, path)) {
            let gate = gate_in(text, span.line_start, span.line_end);
            let place = if gate.is_some() { Place::Gate } else { Place::Signature };
            return Some((place, gate));
        }
        self.cases.iter().any(|path| self.is(span, path)).then_some((Place::Case, None))
    }

    fn is(&self, span: &Span, path: &Path) -> bool {
        self.is_named(Some(&span.file_name), path)
    }

    /// Whether the compiler means the file `path` when it says `named`.
    pub fn is_named(&self, named: Option<&str>, path: &Path) -> bool {
        let Some(named) = named.map(Path::new) else { return false };
        let parent = self.answer.parent().unwrap_or(self.root);
        self.root.join(named) == path || (path == self.answer && parent.join(named) == path)
    }

    /// The pitfall that a message in the answer gives away: one that the
    /// exercise is about, if there is any, else whichever it is a sign of.
    fn sign(&self, diagnostic: &Diagnostic) -> Option<String> {
        let words = diagnostic.words();
        let shows = |p: &Pitfall| p.compile.iter().any(|s| s.matches(diagnostic.code(), &words));
        let own = self.exercise.pitfalls.iter().find(|id| pitfall::get(id).is_some_and(shows));
        let any = || pitfall::all().iter().find(|(_, p)| shows(p)).map(|(id, _)| id);
        own.or_else(any).cloned()
    }
}

/// The pitfall named by a gate remark on one of these lines, counted from 1.
fn gate_in(text: &str, from: u32, to: u32) -> Option<String> {
    let count = (to.saturating_sub(from) + 1) as usize;
    let lines = text.lines().skip(from.saturating_sub(1) as usize).take(count);
    lines.filter_map(|line| line.split_once(GATE)).map(|(_, id)| id.trim().to_owned()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_gone_are_not_spoken_of() {
        let said = "error[E0277]: no\n  = note: the full name for the type has been written to \
                    '/somewhere/slot.long-type-17.txt'\n  = note: consider using `--verbose` to \
                    print the full type name to the console\n  = help: do this\n";
        assert_eq!(without_side_files(said), "error[E0277]: no\n  = help: do this\n");
    }
    use serde_json::json;

    const TEST: &str =
        "use exercise::one::f;\n\nfn t() {\n    is_send(f()); // gate: busy-wake\n    f(1);\n}\n";

    /// A diagnostic of rustc, cut to what matters.
    fn error(code: &str, file: &str, line: u32) -> serde_json::Value {
        json!({
            "$message_type": "diagnostic", "message": "something is wrong", "level": "error",
            "code": { "code": code, "explanation": null },
            "spans": [span(file, line, true)],
            "children": [], "rendered": "\u{1b}[31merror\u{1b}[0m: something is wrong",
        })
    }

    fn span(file: &str, line: u32, primary: bool) -> serde_json::Value {
        json!({
            "file_name": file, "line_start": line, "line_end": line, "column_start": 5,
            "is_primary": primary, "label": "here", "expansion": null,
        })
    }

    fn attribute(diagnostic: &serde_json::Value) -> CompileMessage {
        let kit = crate::kit::tests::sample();
        let exercise = kit.1.catalogue().get("one").unwrap();
        let tests = [(PathBuf::from("/kit/tests/one/visible.rs"), TEST.to_owned())];
        let files = Files {
            root: Path::new("/kit"),
            answer: Path::new("/elsewhere/one.rs"),
            exercise,
            tests: &tests,
            cases: &[PathBuf::from("/kit/tests/one/compile_fail/case.rs")],
        };
        let mut parsed = Diagnostic::parse_all(&diagnostic.to_string());
        files.attribute(&parsed.remove(0))
    }

    #[test]
    fn what_stands_in_the_target_folder_is_no_file_of_the_kit() {
        let inside = |path| inside_kit(Path::new("/kit"), Path::new(path)).is_some();
        assert!(inside("/kit/exercises/01_first/one.rs") && inside("/kit/tests/one/rejected/x.rs"));
        assert!(!inside("/kit/target/asynclings/work/handed-in/0/answer/one.rs"));
        assert!(!inside("/elsewhere/exercises/one.rs") && !inside("/kit/one.rs"));
    }

    #[test]
    fn an_error_belongs_to_the_file_of_its_primary_span() {
        for (file, line, place) in [
            ("one.rs", 3, Place::Answer),
            ("/elsewhere/one.rs", 3, Place::Answer),
            ("tests/one/visible.rs", 4, Place::Gate),
            ("tests/one/visible.rs", 5, Place::Signature),
            ("tests/one/compile_fail/case.rs", 2, Place::Case),
            ("/rustc/library/core/src/lib.rs", 9, Place::Elsewhere),
        ] {
            let told = attribute(&error("E0308", file, line));
            assert_eq!((told.place, told.line), (place, Some(line)), "{file}");
        }
    }

    #[test]
    fn a_gate_names_its_pitfall_and_a_signature_the_line_to_look_at() {
        let gate = attribute(&error("E0277", "tests/one/visible.rs", 4));
        assert_eq!(gate.pitfall.as_deref(), Some("busy-wake"));
        let mut call = error("E0061", "tests/one/visible.rs", 5);
        call["children"] = json!([{
            "message": "function defined here", "code": null, "level": "note",
            "spans": [span("one.rs", 12, true)], "children": [], "rendered": null,
        }]);
        let call = attribute(&call);
        assert_eq!((call.place, call.answer_line), (Place::Signature, Some(12)));
    }

    #[test]
    fn an_error_inside_a_macro_belongs_to_who_called_it() {
        let mut inner = error("E0308", "/registry/tokio/src/macros/select.rs", 620);
        inner["spans"][0]["expansion"] =
            json!({ "span": span("one.rs", 7, false), "macro_decl_name": "select!" });
        let told = attribute(&inner);
        assert_eq!((told.place, told.answer_line), (Place::Answer, Some(7)));
    }

    #[test]
    fn an_error_without_a_place_belongs_to_the_first_that_its_notes_name() {
        let mut circle = error("E0391", "one.rs", 1);
        circle["message"] = json!("cycle detected when computing layout");
        circle["spans"][0] = span("tests/one/main.rs", 1, true);
        circle["spans"][0]["column_start"] = json!(1);
        let note = |file, line| {
            json!({
                "message": "which requires computing layout of `{async fn body of one()}`",
                "code": null, "level": "note", "spans": [span(file, line, true)],
                "children": [], "rendered": null,
            })
        };
        let elsewhere = note("/registry/tokio/src/task/spawn.rs", 176);
        circle["children"] =
            json!([elsewhere, note("one.rs", 18), note("tests/one/visible.rs", 5)]);
        let told = attribute(&circle);
        assert_eq!((told.place, told.line), (Place::Answer, Some(18)));
        assert_eq!(told.pitfall.as_deref(), Some("unboxed-recursion"));
        circle["spans"] = json!([]);
        assert_eq!(attribute(&circle).place, Place::Answer);
        circle["spans"] = json!([span("/rustc/library/core/src/lib.rs", 9, true)]);
        assert_eq!(attribute(&circle).place, Place::Elsewhere);
    }

    #[test]
    fn a_sign_in_the_answer_names_a_pitfall_and_in_a_test_it_does_not() {
        assert_eq!(
            attribute(&error("E0728", "one.rs", 1)).pitfall.as_deref(),
            Some("await-in-sync")
        );
        assert_eq!(attribute(&error("E0728", "tests/one/visible.rs", 5)).pitfall, None);
    }

    #[test]
    fn colours_are_kept_beside_the_plain_text() {
        let told = attribute(&error("E0308", "one.rs", 1));
        assert_eq!(told.rendered, "error: something is wrong");
        assert!(told.ansi.contains('\u{1b}'));
    }

    #[test]
    fn summaries_and_noise_are_no_messages() {
        let summary = json!({
            "message": "aborting due to 1 previous error", "code": null, "level": "error",
            "spans": [], "children": [], "rendered": null,
        });
        let output = format!("thread panicked at …\n{summary}\n{{\"other\":1}}\n");
        assert!(Diagnostic::parse_all(&output).is_empty());
    }
}
