//! Compile-fail cases: misuse that a right answer makes impossible.
//!
//! All cases of an exercise are compiled at once, each as a module, and told
//! apart by the file of each error. An error of an early phase of the compiler
//! hides those of later ones, so cases that showed nothing while others did
//! are compiled again alone.

use std::path::{Path, PathBuf};
use std::{fs, thread};

use crate::attribute::Files;
use crate::cancel::Cancel;
use crate::compile::{CompileEnd, Compiled, Compiler, Emit, Job};
use crate::disk;
use crate::problem::{Problem, Result};
use crate::verdict::{CaseResult, CompileMessage, Place};

/// One case: a file with a marked line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub path: PathBuf,
    pub name: String,
    /// The misuse, in a sentence: the file's first comment.
    pub says: String,
    pub pitfall: Option<String>,
    pub mark: Mark,
}

/// What must be wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// From 1.
    pub line: u32,
    pub code: Option<String>,
    pub phrase: Option<String>,
}

const MARK: &str = "//~ ";
const PITFALL: &str = "//~~ pitfall:";

impl Case {
    /// Reads a case.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|e| Problem::io("read", path, &e))?;
        Case::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let comment = text.lines().filter_map(|line| line.strip_prefix("//!"));
        let says: Vec<&str> = comment.map(str::trim).collect();
        let mut marks = text.lines().zip(1..).filter_map(|(line, number)| {
            let (_, wanted) = line.split_once(MARK)?;
            Some(Mark::parse(number, wanted))
        });
        let (Some(mark), None) = (marks.next(), marks.next()) else {
            return Err(Problem::new("case-mark").with("path", path.display()));
        };
        let pitfall = text.lines().find_map(|line| line.trim().strip_prefix(PITFALL));
        Ok(Case {
            path: path.to_owned(),
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            says: says.join(" "),
            pitfall: pitfall.map(|id| id.trim().to_owned()),
            mark,
        })
    }
}

impl Mark {
    /// `E0382`, `E0382 moved value` or `cannot be sent`.
    fn parse(line: u32, wanted: &str) -> Self {
        let wanted = wanted.trim();
        let (first, rest) = wanted.split_once(' ').unwrap_or((wanted, ""));
        let words = |s: &str| Some(s.trim().to_owned()).filter(|s| !s.is_empty());
        if is_code(first) {
            Mark { line, code: Some(first.to_owned()), phrase: words(rest) }
        } else {
            Mark { line, code: None, phrase: words(wanted) }
        }
    }

    fn fits(&self, error: &Said) -> bool {
        error.told.line == Some(self.line)
            && self.code.as_deref().is_none_or(|c| error.told.code.as_deref() == Some(c))
            && self.phrase.as_deref().is_none_or(|p| error.words.contains(p))
    }
}

/// An error code, or a lint's name.
fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix('E').unwrap_or("");
    let is_error = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    let is_lint = word.contains('_') && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_error || is_lint
}

/// A message, and all its words but for the quoted source: there the mark
/// itself would be found.
struct Said {
    told: CompileMessage,
    words: String,
}

/// What is needed to compile cases.
pub(crate) struct CaseRun<'a> {
    pub compiler: &'a Compiler<'a>,
    pub files: &'a Files<'a>,
    pub cases: &'a [Case],
    /// The answer compiled as a crate of its own. None: its file is part of
    /// the same crate as the cases.
    pub answer: Option<&'a Path>,
    /// An empty folder.
    pub folder: &'a Path,
}

impl CaseRun<'_> {
    /// Compiles the cases and says which of them hold. None if cancelled.
    pub fn run(&self, cancel: &Cancel) -> Result<Option<Vec<CaseResult>>> {
        let all: Vec<usize> = (0..self.cases.len()).collect();
        let Some(together) = self.compile(&all, cancel)? else { return Ok(None) };
        let silent: Vec<usize> =
            all.iter().copied().filter(|i| self.errors_in(*i, &together).is_empty()).collect();
        let mut results: Vec<CaseResult> = all.iter().map(|i| self.judge(*i, &together)).collect();
        // Had nothing failed, nothing could have been hidden.
        if !together.is_empty() {
            let cores = thread::available_parallelism().map_or(1, usize::from);
            for some in silent.chunks(cores) {
                let alone = thread::scope(|scope| {
                    let jobs: Vec<_> = some
                        .iter()
                        .map(|index| scope.spawn(|| self.compile(&[*index], cancel)))
                        .collect();
                    let joined = jobs.into_iter().map(|job| job.join());
                    joined.map(|r| r.unwrap_or_else(|_| Err(broke()))).collect::<Vec<_>>()
                });
                for (index, errors) in some.iter().zip(alone) {
                    let Some(errors) = errors? else { return Ok(None) };
                    results[*index] = self.judge(*index, &errors);
                }
            }
        }
        Ok(Some(results))
    }

    fn compile(&self, which: &[usize], cancel: &Cancel) -> Result<Option<Vec<Said>>> {
        let id = match which {
            [one] => format!("case_{one}"),
            _ => "cases".to_owned(),
        };
        let source = self.folder.join(format!("{id}.rs"));
        disk::write_if_different(&source, &self.source(which)?)
            .map_err(|e| Problem::io("write", &source, &e))?;
        let output = self.folder.join(format!("lib{id}.rmeta"));
        let job = Job {
            name: &id,
            source: &source,
            emit: Emit::Opinion(&output),
            incremental: None,
            answer: self.answer,
            remaps: self.files.remaps(),
            reads: self.cases.iter().map(|c| c.path.as_path()).chain([self.files.answer]).collect(),
        };
        let Compiled { diagnostics, end, .. } = self.compiler.run(&job, cancel)?;
        match end {
            CompileEnd::Cancelled => Ok(None),
            CompileEnd::Done | CompileEnd::Refused => {
                let said = |d| Said { told: self.files.attribute(d), words: d.words() };
                Ok(Some(diagnostics.iter().filter(|d| d.is_error()).map(said).collect()))
            }
            CompileEnd::TooSlow => Err(Problem::new("compiler-too-slow")),
            CompileEnd::Broken(said) => Err(Problem::new("checker-broke").with("error", said)),
        }
    }

    /// The root of a crate with these cases.
    fn source(&self, which: &[usize]) -> Result<String> {
        let mut source = String::new();
        if self.answer.is_none() {
            source.push_str("extern crate self as exercise;\n");
            source.push_str(&module(&self.files.exercise.name, self.files.answer, "pub ")?);
        }
        for index in which {
            let case = &self.cases[*index];
            source.push_str(&module(&format!("case_{index}"), &case.path, "")?);
        }
        Ok(source)
    }

    fn errors_in<'m>(&self, index: usize, errors: &'m [Said]) -> Vec<&'m Said> {
        let path = &self.cases[index].path;
        errors.iter().filter(|e| self.files.is_named(e.told.file.as_deref(), path)).collect()
    }

    /// Holds: an error as marked, no other in the case, none in the answer.
    fn judge(&self, index: usize, errors: &[Said]) -> CaseResult {
        let case = &self.cases[index];
        let own = self.errors_in(index, errors);
        let elsewhere = errors.iter().filter(|e| e.told.place != Place::Case);
        let wrong: Vec<CompileMessage> = own
            .iter()
            .copied()
            .filter(|e| !case.mark.fits(e))
            .chain(elsewhere)
            .map(|e| e.told.clone())
            .collect();
        CaseResult {
            name: case.name.clone(),
            holds: wrong.is_empty() && !own.is_empty(),
            compiled: wrong.is_empty() && own.is_empty(),
            says: case.says.clone(),
            pitfall: case.pitfall.clone(),
            line: case.mark.line,
            code: case.mark.code.clone(),
            phrase: case.mark.phrase.clone(),
            got: wrong,
        }
    }
}

/// A thread of the checker itself panicked.
pub(crate) fn broke() -> Problem {
    Problem::new("checker-broke").with("error", "panic")
}

/// A module whose file stands elsewhere.
pub(crate) fn module(name: &str, path: &Path, vis: &str) -> Result<String> {
    let shown =
        path.to_str().ok_or_else(|| Problem::new("bad-path").with("path", path.display()))?;
    Ok(format!("#[path = {shown:?}]\n#[allow(dead_code)]\n{vis}mod {name};\n"))
}

/// The cases of an exercise, in order of their names.
pub(crate) fn read_all(tests: &Path) -> Result<Vec<Case>> {
    let folder = tests.join("compile_fail");
    let files = crate::hash::files_under(&folder, "rs");
    let files = files.map_err(|e| Problem::io("read", &folder, &e))?;
    files.iter().map(|path| Case::read(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Case> {
        Case::parse(Path::new("tests/x/compile_fail/use_after_close.rs"), text)
    }

    #[test]
    fn a_case_says_what_is_wrong_and_where() {
        let case = parse(
            "//! Used after it was closed.\n//~~ pitfall: double-close\nfn f() {\n    g(); //~ E0382 moved value\n}\n",
        )
        .unwrap();
        assert_eq!(case.name, "use_after_close");
        assert_eq!(case.says, "Used after it was closed.");
        assert_eq!(case.pitfall.as_deref(), Some("double-close"));
        let mark = Mark { line: 4, code: Some("E0382".into()), phrase: Some("moved value".into()) };
        assert_eq!(case.mark, mark);
    }

    #[test]
    fn a_mark_is_a_code_a_phrase_or_both() {
        let mark = |wanted| {
            let mark = Mark::parse(1, wanted);
            (mark.code.unwrap_or_default(), mark.phrase.unwrap_or_default())
        };
        assert_eq!(mark("E0382"), ("E0382".into(), "".into()));
        assert_eq!(mark("unused_must_use"), ("unused_must_use".into(), "".into()));
        let phrase = "future cannot be sent between threads safely";
        assert_eq!(mark(phrase), ("".into(), phrase.into()));
        assert_eq!(mark("E0277 `?` operator"), ("E0277".into(), "`?` operator".into()));
    }

    #[test]
    fn a_case_has_exactly_one_mark() {
        for text in ["fn f() {}", "a(); //~ E0001\nb(); //~ E0002\n"] {
            assert_eq!(parse(text).unwrap_err().key(), "case-mark");
        }
    }
}
