//! Whose a compiler message is: the answer's, a test's, a case's.

use std::path::{Path, PathBuf};

use record::pitfall;

use crate::catalogue::Exercise;
use crate::diagnostics::{Diagnostic, Span};
use crate::verdict::{CompileMessage, Level, Place};

/// The files that take part in a compilation.
pub(crate) struct Files<'a> {
    /// Names in messages are relative to this folder …
    pub root: &'a Path,
    /// … or to this one, for an answer that is not under the root.
    pub answer: &'a Path,
    pub exercise: &'a Exercise,
    /// The test files with their text.
    pub tests: &'a [(PathBuf, String)],
    /// The compile-fail cases.
    pub cases: &'a [PathBuf],
}

/// The remark that marks a line of a test as a type gate.
const GATE: &str = "// gate:";

impl Files<'_> {
    /// The compiler is told to name files relative to these folders.
    pub fn remaps(&self) -> Vec<(&Path, &'static str)> {
        let mut remaps = vec![(self.root, "")];
        if !self.answer.starts_with(self.root)
            && let Some(folder) = self.answer.parent()
        {
            remaps.push((folder, ""));
        }
        remaps
    }

    /// The message as the verdict tells it.
    pub fn attribute(&self, diagnostic: &Diagnostic) -> CompileMessage {
        let found = diagnostic.spans.iter().filter(|s| s.is_primary).find_map(|primary| {
            primary.outwards().find_map(|span| Some((self.place_of(span)?, span)))
        });
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
            rendered: anstream::adapter::strip_str(diagnostic.ansi()).to_string(),
            ansi: diagnostic.ansi().to_owned(),
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

    /// The pitfall that a message in the answer gives away: one of the
    /// exercise's own first, else any whose sign says more than an error code.
    fn sign(&self, diagnostic: &Diagnostic) -> Option<String> {
        let words = diagnostic.words();
        let own = self.exercise.pitfalls.iter().find(|id| {
            let signs = pitfall::get(id).map_or(&[][..], |p| &p.compile);
            signs.iter().any(|s| s.matches(diagnostic.code(), &words))
        });
        own.cloned().or_else(|| {
            let telling = |p: &pitfall::Pitfall| {
                let mut signs = p.compile.iter().filter(|s| s.phrase.is_some());
                signs.any(|s| s.matches(diagnostic.code(), &words))
            };
            pitfall::all().iter().find(|(_, p)| telling(p)).map(|(id, _)| id.clone())
        })
    }
}

/// The pitfall named by a gate remark on one of these lines, counted from 1.
fn gate_in(text: &str, from: u32, to: u32) -> Option<String> {
    let count = (to.saturating_sub(from) + 1) as usize;
    let lines = text.lines().skip(from.saturating_sub(1) as usize).take(count);
    lines.filter_map(|line| line.split_once(GATE)).map(|(_, id)| id.trim().to_owned()).next()
}
