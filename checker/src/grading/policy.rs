//! What an answer may not say, whatever the compiler thinks of it.
//!
//! Nothing here keeps anybody in: that is the sandbox's work, and the compiler
//! is told to forbid `unsafe`. But a refusal with a line and a reason is worth
//! more to a student, and to an instructor who looks for attempts, than a file
//! that was not found.

mod lifetimes;

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use record::Fact;

use self::lifetimes::Seen;
use crate::text;
use crate::verdict::{CompileMessage, Level, Place, Status, Verdict};

/// The code of the messages that come of a breach, where the compiler's have
/// `E0382`.
pub const CODE: &str = "asynclings::policy";

/// Macros that read files or the environment while compiling, or write in
/// another language.
const MACROS: [&str; 7] =
    ["include", "include_str", "include_bytes", "env", "option_env", "asm", "global_asm"];

/// Deeper than this no answer is, and the compiler's own stack need not be tried.
const DEEPEST: usize = 200;

/// The crates that an exercise may use, if a course does not say otherwise.
pub const CRATES: [&str; 6] =
    ["async_stream", "futures", "kit", "pin_project_lite", "tokio", "tokio_test"];

/// Goes up when the same answer may be refused for another reason under the
/// same rules.
pub(super) const VERSION: &str = "policy3";

/// Something that may not be said, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// What, in a sentence of `grading.toml`.
    pub what: Fact,
}

/// Reads an answer and finds what it may not say, in the order of its lines.
/// What is no Rust at all is the compiler's to tell.
pub fn inspect(answer: &[u8], crates: &[String]) -> Vec<Breach> {
    let Ok(source) = std::str::from_utf8(answer) else {
        let valid = std::str::from_utf8(answer).map_or_else(|e| e.valid_up_to(), str::len);
        let line = answer[..valid].iter().filter(|b| **b == b'\n').count() + 1;
        return vec![Breach { line, column: 1, what: Fact::new("policy-not-utf8") }];
    };
    if let Some((line, depth)) = deepest(source).filter(|(_, depth)| *depth > DEEPEST) {
        return vec![Breach { line, column: 1, what: too_deep(depth) }];
    }
    let Ok(tokens) = without_shebang(source).parse::<TokenStream>() else { return Vec::new() };
    let mut look = Look { crates, breaches: Vec::new(), lifetimes: Seen::default() };
    look.at(tokens, Within { depth: 0, attribute: false });
    let mut breaches = look.end();
    // The text of every file that was read is kept for such places as were
    // asked for above: for thirty thousand answers, without end.
    proc_macro2::extra::invalidate_current_thread_spans();
    breaches.sort_by_key(|b| (b.line, b.column));
    breaches
}

/// How deep brackets are nested, counted without regard to strings: a bound
/// that must hold before anything that calls itself looks at them.
fn deepest(source: &str) -> Option<(usize, usize)> {
    let (mut depth, mut most, mut line) = (0_usize, None, 1);
    for byte in source.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' => line += 1,
            _ => {}
        }
        if most.is_none_or(|(_, d)| depth > d) {
            most = Some((line, depth));
        }
    }
    most
}

fn too_deep(depth: usize) -> Fact {
    Fact::new("policy-too-deep").with("depth", depth).with("most", DEEPEST)
}

/// The compiler skips such a first line, whatever stands in it. Its end stays,
/// so that lines keep their numbers.
fn without_shebang(source: &str) -> &str {
    let Some(rest) = source.strip_prefix("#!") else { return source };
    if rest.trim_start().starts_with('[') {
        return source;
    }
    rest.find('\n').map_or("", |end| &rest[end..])
}

/// Where one is.
#[derive(Clone, Copy)]
struct Within {
    /// In so many brackets.
    depth: usize,
    /// In an attribute.
    attribute: bool,
}

/// A look at one answer.
struct Look<'a> {
    crates: &'a [String],
    breaches: Vec<Breach>,
    lifetimes: Seen,
}

impl Look<'_> {
    fn found(&mut self, at: Span, what: Fact) {
        let at = at.start();
        self.breaches.push(Breach { line: at.line, column: at.column + 1, what });
    }

    /// What is known only after all was looked at, too.
    fn end(mut self) -> Vec<Breach> {
        if let Some(at) = std::mem::take(&mut self.lifetimes).end() {
            self.found(at, Fact::new("policy-lifetimes"));
        }
        self.breaches
    }

    fn at(&mut self, tokens: TokenStream, within: Within) {
        let attribute = within.attribute;
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let after = |n: usize| tokens.get(index + n);
            if let Some(at) = self.lifetimes.look(&tokens[index..]) {
                self.found(at, Fact::new("policy-lifetimes"));
            }
            match token {
                TokenTree::Group(group) => {
                    let hash = |t: Option<&TokenTree>| matches!(t, Some(TokenTree::Punct(p)) if p.as_char() == '#' || p.as_char() == '!');
                    let before = index.checked_sub(1).and_then(|i| tokens.get(i));
                    let attribute =
                        attribute || (group.delimiter() == Delimiter::Bracket && hash(before));
                    let depth = within.depth + 1;
                    // Counted once more, because a comment may hold closing
                    // brackets that count for nothing.
                    if depth > DEEPEST {
                        self.found(group.span_open(), too_deep(depth));
                        continue;
                    }
                    self.at(group.stream(), Within { depth, attribute });
                }
                TokenTree::Ident(ident) => {
                    let word = ident.to_string();
                    let word = word.strip_prefix("r#").unwrap_or(&word);
                    let called = matches!(after(2), Some(TokenTree::Group(_))) && is(after(1), '!');
                    let what = if called && MACROS.contains(&word) {
                        Some(Fact::new("policy-macro").with("name", word))
                    } else if word == "unsafe" {
                        Some(Fact::new("policy-unsafe"))
                    } else if attribute && word == "path" && is(after(1), '=') {
                        Some(Fact::new("policy-path"))
                    } else if word == "mod" && is(after(2), ';') {
                        Some(Fact::new("policy-module"))
                    } else if word != "kit"
                        && CRATES.contains(&word)
                        && !self.crates.iter().any(|c| c == word)
                        && is_path(after(1), after(2))
                    {
                        Some(Fact::new("policy-crate").with("name", word))
                    } else {
                        None
                    };
                    if let Some(what) = what {
                        self.found(ident.span(), what);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

fn is(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn is_path(first: Option<&TokenTree>, second: Option<&TokenTree>) -> bool {
    let joint = matches!(first, Some(TokenTree::Punct(p)) if p.spacing() == Spacing::Joint);
    joint && is(first, ':') && is(second, ':')
}

/// The verdict on an answer that says what it may not: it does not compile.
/// None if it says nothing of the kind.
pub fn verdict(exercise: &str, answer: &[u8], crates: &[String]) -> Option<Verdict> {
    let breaches = inspect(answer, crates);
    if breaches.is_empty() {
        return None;
    }
    let file = format!("{exercise}.rs");
    let message = |breach: &Breach| {
        let said = text::say_fact(&breach.what);
        let shown = format!("error: {said}\n --> {file}:{}:{}\n", breach.line, breach.column);
        CompileMessage {
            level: Level::Error,
            code: Some(CODE.to_owned()),
            message: said,
            place: Place::Answer,
            file: Some(file.clone()),
            line: Some(breach.line as u32),
            column: Some(breach.column as u32),
            answer_line: Some(breach.line as u32),
            pitfall: None,
            rendered: shown.clone(),
            ansi: shown,
        }
    };
    Some(Verdict {
        status: Status::DoesNotCompile,
        build: crate::verdict::Build::Crate,
        compile: breaches.iter().map(message).collect(),
        ..Verdict::empty(exercise)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(source: &str) -> Vec<(usize, String)> {
        let all = CRATES.map(str::to_owned);
        inspect(source.as_bytes(), &all).into_iter().map(|b| (b.line, b.what.key)).collect()
    }

    #[test]
    fn what_reads_files_or_leaves_the_language_is_found_with_its_line() {
        for (source, key) in [
            ("const A: &str = include_str!(\"/etc/passwd\");", "policy-macro"),
            ("const A: &[u8] = std::include_bytes !(\"x\");", "policy-macro"),
            ("include!{\"x\"}", "policy-macro"),
            ("fn f() { g(env![\"HOME\"]) }", "policy-macro"),
            ("macro_rules! m { () => { option_env!(\"A\") } }", "policy-macro"),
            ("fn f() { r#include_str!(\"x\"); }", "policy-macro"),
            ("fn f() { unsafe { g() } }", "policy-unsafe"),
            ("unsafe impl Send for A {}", "policy-unsafe"),
            ("#[unsafe(no_mangle)] fn f() {}", "policy-unsafe"),
            ("#[path = \"../tests/hidden.rs\"] mod a { }", "policy-path"),
            ("#[cfg_attr(all(), path = \"x.rs\")] mod a { }", "policy-path"),
            ("#![path = \"x\"]", "policy-path"),
            ("pub mod hidden;", "policy-module"),
            ("fn f<'a, 'b>(_: &'a &'b ()) {}", "policy-lifetimes"),
            ("struct A<'a, 'b>(Vec<&'a & 'b u8>);", "policy-lifetimes"),
            ("fn f<'a, 'b: 'a, T>(_: W<'a, 'b>) { let f: fn(_) = f; }", "policy-lifetimes"),
            ("fn f<'a, 'b>() {}\ntype F = for<'x> fn(&'x u8);", "policy-lifetimes"),
        ] {
            let found = said(&format!("// a comment\n{source}\n"));
            assert_eq!(found.first(), Some(&(2, key.to_owned())), "{source}: {found:?}");
        }
    }

    #[test]
    fn innocent_words_are_left_alone() {
        let source = r#"
            use std::env; // include_str!("x")
            mod inner { pub fn include() {} }
            /// unsafe { }
            fn f(path: &str) { let env = 1; if env != 2 { inner::include() } let path = "unsafe"; }
            #[doc = "path = x"] struct S;
            fn of_two<'a, 'b: 'a>(one: &'a str, two: &'b str) -> &'a str { one }
            impl<'a, 'b> Pair<'a, 'b> { fn fun(self) {} }
            fn g<'a>(one: &&'a str, two: &'a (&'a str, &'a mut u8)) -> &'a str { one }
        "#;
        assert_eq!(said(source), []);
    }

    #[test]
    fn crates_that_a_course_does_not_allow() {
        let only = ["tokio".to_owned()];
        let found = |s: &str| inspect(s.as_bytes(), &only).len();
        assert_eq!(found("use futures::future::join_all;"), 1);
        assert_eq!(found("use ::futures::join;"), 1);
        assert_eq!(found("use tokio::time; fn futures() {}"), 0);
        assert_eq!(found("use kit::Log;"), 0, "what every answer needs");
    }

    #[test]
    fn what_is_no_rust_is_left_to_the_compiler_and_cannot_break_us() {
        assert_eq!(said("fn f( { unsafe"), []);
        assert_eq!(said(""), []);
        assert_eq!(said(&"(".repeat(1_000_000)), [(1, "policy-too-deep".to_owned())]);
        // Closing brackets in comments deceive who only counts.
        let deep = format!("fn f() {{{}{}}}", "(/*)*/".repeat(100_000), ")".repeat(100_000));
        assert_eq!(said(&deep), [(1, "policy-too-deep".to_owned())]);
        let bytes = inspect(b"fn f() {}\n\xff\xfe", &[]);
        assert_eq!((bytes.len(), bytes[0].line), (1, 2));
    }

    #[test]
    fn a_first_line_that_the_compiler_skips_hides_nothing() {
        let found = said("#!/bin/\"'\nfn f() { include!(\"x\") }");
        assert_eq!(found, [(2, "policy-macro".to_owned())]);
        assert_eq!(said("#!/bin/\"'"), []);
        assert_eq!(said("#![path = \"x\"]"), [(1, "policy-path".to_owned())]);
    }

    #[test]
    fn a_breach_is_a_verdict_that_names_it() {
        let verdict = verdict("slot", b"\nunsafe fn f() {}", &[]).unwrap();
        assert_eq!(verdict.status, Status::DoesNotCompile);
        assert_eq!(verdict.compile[0].answer_line, Some(2));
        assert!(verdict.compile[0].rendered.contains("slot.rs:2:1"), "{verdict:?}");
    }
}
