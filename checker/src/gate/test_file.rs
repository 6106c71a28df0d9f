//! A file of tests, as its author wrote it.

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, ItemFn, Lit, Stmt};

/// `visible.rs` or `hidden.rs`.
pub struct TestFile {
    /// The file.
    pub path: PathBuf,
    /// Its module: `visible` or `hidden`.
    pub module: &'static str,
    /// Its text.
    pub text: String,
    /// Its tests, in order.
    pub tests: Vec<TestFn>,
    /// Ids of pitfalls that it blames, with their lines.
    pub blamed: Vec<(u32, String)>,
}

/// One `#[test]`.
pub struct TestFn {
    /// The function's name.
    pub name: String,
    /// Where it begins.
    pub line: u32,
    /// Its body is one call that runs the test in the kit, and so leaves a
    /// record.
    pub is_one_run: bool,
}

impl TestFile {
    /// Reads and parses the file.
    ///
    /// # Errors
    /// It cannot be read or is not Rust: the line, if known, and what is wrong.
    pub fn read(path: &Path, module: &'static str) -> Result<Self, (Option<u32>, String)> {
        let text = fs::read_to_string(path).map_err(|e| (None, e.to_string()))?;
        TestFile::parse(path, module, text)
    }

    /// Parses `text`; `path` is only kept.
    pub fn parse(
        path: &Path,
        module: &'static str,
        text: String,
    ) -> Result<Self, (Option<u32>, String)> {
        let file = syn::parse_file(&text)
            .map_err(|e| (Some(e.span().start().line as u32), e.to_string()))?;
        let mut seen = Seen::default();
        seen.visit_file(&file);
        for (at, line) in text.lines().enumerate() {
            if let Some((_, id)) = line.rsplit_once("// gate:") {
                seen.blamed.push((at as u32 + 1, id.trim().to_owned()));
            }
        }
        let path = path.to_owned();
        Ok(TestFile { path, module, text, tests: seen.tests, blamed: seen.blamed })
    }
}

#[derive(Default)]
struct Seen {
    tests: Vec<TestFn>,
    blamed: Vec<(u32, String)>,
}

impl Seen {
    fn blame(&mut self, argument: Option<&Expr>) {
        if let Some(Expr::Lit(ExprLit { lit: Lit::Str(id), .. })) = argument {
            self.blamed.push((id.span().start().line as u32, id.value()));
        }
    }
}

/// Functions and methods of the kit whose last argument is a pitfall.
fn takes_pitfall(name: &str) -> bool {
    name == "blame" || name == "no_tasks_left" || name == "lock_is_free" || name.ends_with("_means")
}

impl<'ast> Visit<'ast> for Seen {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if item.attrs.iter().any(|a| a.path().is_ident("test")) {
            self.tests.push(TestFn {
                name: item.sig.ident.to_string(),
                line: item.sig.ident.span().start().line as u32,
                is_one_run: is_one_run(&item.block.stmts),
            });
        }
        visit::visit_item_fn(self, item);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if last_segment(&call.func).is_some_and(|name| takes_pitfall(&name)) {
            self.blame(call.args.last());
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if takes_pitfall(&call.method.to_string()) {
            self.blame(call.args.last());
        }
        visit::visit_expr_method_call(self, call);
    }
}

fn is_one_run(body: &[Stmt]) -> bool {
    let [Stmt::Expr(expr, _)] = body else { return false };
    let runs = |name: &str| name == "run" || name == "run_sync";
    match expr {
        Expr::Call(call) => last_segment(&call.func).is_some_and(|name| runs(&name)),
        Expr::MethodCall(call) => runs(&call.method.to_string()),
        _ => false,
    }
}

fn last_segment(function: &Expr) -> Option<String> {
    let Expr::Path(path) = function else { return None };
    path.path.segments.last().map(|s| s.ident.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> TestFile {
        TestFile::parse(Path::new("hidden.rs"), "hidden", text.to_owned()).ok().unwrap()
    }

    #[test]
    fn tests_that_leave_a_record_are_told_from_those_that_do_not() {
        let file = parse(
            r#"
            #[test] fn plain() { run(async { 1; }) }
            #[test] fn path() { kit::run_sync(|| ()); }
            #[test] fn with_a_lab() { lab().hang_means("busy-wake").run(async {}); }
            #[test] fn helper() { helps() }
            #[test] fn two() { let x = 1; run(async {}) }
            #[test] fn empty() {}
            fn no_test() {}
            "#,
        );
        let good: Vec<_> = file.tests.iter().filter(|t| t.is_one_run).map(|t| &*t.name).collect();
        let bad: Vec<_> = file.tests.iter().filter(|t| !t.is_one_run).map(|t| &*t.name).collect();
        assert_eq!(good, ["plain", "path", "with_a_lab"]);
        assert_eq!(bad, ["helper", "two", "empty"]);
        assert_eq!(file.tests[1].line, 3);
    }

    #[test]
    fn blamed_pitfalls_are_found_with_their_lines() {
        let file = parse(
            "#[test]\nfn a() {\n lab().stuck_means(\"one\").run(async {\n blame(\"two\").now();\n \
             require_send(&x); // gate: three\n no_tasks_left(\"four\"); note(\"five\");\n });\n}",
        );
        let blamed: Vec<_> = file.blamed.iter().map(|(line, id)| (*line, &**id)).collect();
        assert_eq!(blamed, [(3, "one"), (4, "two"), (6, "four"), (5, "three")]);
    }

    #[test]
    fn a_mistake_has_a_line() {
        let error = TestFile::parse(Path::new("x"), "hidden", "fn a() {}\nfn b( {}".to_owned());
        assert_eq!(error.err().unwrap().0, Some(2));
    }
}
