//! Rust sources without what only authors, instructors and the project's own
//! tests need. Everything else keeps its letters, comments and blanks.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, Macro, Meta};

use super::conditions::{self, Known, evaluate};

/// What is wrong with a source: the line, if known, and a sentence of rustc's
/// or of `syn`'s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// From 1.
    pub line: usize,
    /// What is wrong there.
    pub error: String,
}

/// The source without what an edition does not have.
///
/// # Errors
/// It is no Rust, or has a `cfg` of a kind that is not understood.
pub fn strip(text: &str) -> Result<String, Wrong> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file = syn::parse_file(text).map_err(|e| wrong(&e))?;
    if !text.contains("cfg") {
        return Ok(text.to_owned());
    }
    let mut cutter = Cutter { text, edits: Vec::new(), wrong: None };
    cutter.visit_file(&file);
    if let Some(wrong) = cutter.wrong {
        return Err(wrong);
    }
    let mut stripped = text.to_owned();
    cutter.edits.sort_by_key(|(range, _)| range.start);
    for (range, new) in cutter.edits.into_iter().rev() {
        stripped.replace_range(range, &new);
    }
    let stripped = format!("{}\n", stripped.trim_end());
    for feature in conditions::GONE {
        let asked = format!("feature = \"{feature}\"");
        if let Some(at) = stripped.find(&asked) {
            let line = 1 + stripped[..at].matches('\n').count();
            return Err(Wrong { line, error: format!("`{asked}` stands where it is not seen") });
        }
    }
    syn::parse_file(&stripped).map_err(|e| wrong(&e))?;
    Ok(stripped)
}

/// A `mod name;`, whose content stands in another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// What `#[path]` says.
    pub path: Option<String>,
    /// The modules in braces around it, outermost first.
    pub inside: Vec<String>,
}

/// The modules that a source takes from other files.
///
/// # Errors
/// It is no Rust.
pub fn modules(text: &str) -> Result<Vec<Module>, Wrong> {
    let file = syn::parse_file(text).map_err(|e| wrong(&e))?;
    let mut found = Vec::new();
    collect(&file.items, &mut Vec::new(), &mut found);
    Ok(found)
}

fn collect(items: &[Item], inside: &mut Vec<String>, found: &mut Vec<Module>) {
    for item in items {
        let Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        match &module.content {
            Some((_, items)) => {
                inside.push(name);
                collect(items, inside, found);
                inside.pop();
            }
            None => {
                let path = module.attrs.iter().find_map(path_attribute);
                found.push(Module { name, path, inside: inside.clone() });
            }
        }
    }
}

fn path_attribute(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let syn::Expr::Lit(value) = &pair.value else { return None };
    match &value.lit {
        syn::Lit::Str(path) if pair.path.is_ident("path") => Some(path.value()),
        _ => None,
    }
}

fn wrong(error: &syn::Error) -> Wrong {
    Wrong { line: error.span().start().line, error: error.to_string() }
}

/// Collects what is to be cut out or written anew.
struct Cutter<'t> {
    text: &'t str,
    edits: Vec<(Range<usize>, String)>,
    wrong: Option<Wrong>,
}

impl Cutter<'_> {
    /// Cuts the whole thing out if an attribute before it says that it is not
    /// compiled; whether it did.
    fn cut(&mut self, node: &impl ToTokens) -> bool {
        let gone = leading(node).iter().any(|meta| match meta {
            Meta::List(list) if list.path.is_ident("cfg") => {
                list.parse_args().ok().and_then(|c: Meta| evaluate(&c)) == Some(Known::No)
            }
            _ => false,
        });
        if gone {
            self.remove(node.span().byte_range());
        }
        gone
    }

    /// An attribute of something that stays.
    fn settle(&mut self, attribute: &Attribute) {
        let Meta::List(list) = &attribute.meta else { return };
        let is_cfg = list.path.is_ident("cfg");
        if !is_cfg && !list.path.is_ident("cfg_attr") {
            return;
        }
        let parts = conditions::parts(list).unwrap_or_default();
        let known = parts.first().and_then(evaluate);
        let (Some(condition), Some(known)) = (parts.first(), known) else {
            return self.not_understood(attribute);
        };
        let whole = attribute.span().byte_range();
        match known {
            Known::No => self.remove(whole),
            Known::Yes if is_cfg => self.remove(whole),
            Known::Yes => {
                let said = parts.iter().skip(1).map(|part| &self.text[part.span().byte_range()]);
                let said: Vec<String> = said.map(|part| format!("#[{part}]")).collect();
                self.edits.push((whole, said.join(" ")));
            }
            Known::Open(left) => self.narrow(condition, left),
        }
    }

    /// Writes what is left of a condition, if anything was taken from it.
    fn narrow(&mut self, condition: &Meta, left: String) {
        let before = condition.to_token_stream().to_string();
        let after = left.parse().map(|tokens: TokenStream| tokens.to_string());
        if after.is_ok_and(|after| after != before) {
            self.edits.push((condition.span().byte_range(), left));
        }
    }

    fn not_understood(&mut self, node: &impl Spanned) {
        let error = format!("`{}` is not understood", &self.text[node.span().byte_range()]);
        let line = node.span().start().line;
        self.wrong.get_or_insert(Wrong { line, error });
    }

    /// Where the comment begins that stands directly above this line, if one
    /// does: it is about what comes under it.
    fn with_comment(&self, line: usize) -> usize {
        let mut start = line;
        for above in self.text[..line].lines().rev() {
            let comment = above.trim_start();
            if !comment.starts_with("//") || comment.starts_with("//!") {
                break;
            }
            start = self.text[..start].trim_end_matches(['\n', '\r']).len() - above.len();
        }
        start
    }

    /// Removes it together with a comma behind it, and with its lines if
    /// nothing else stands on them.
    fn remove(&mut self, range: Range<usize>) {
        let Range { mut start, mut end } = range;
        let after = self.text[end..].trim_start();
        if after.starts_with(',') {
            end = self.text.len() - after.len() + 1;
        }
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1);
        let is_alone =
            self.text[line..start].trim().is_empty() && self.text[end..rest].trim().is_empty();
        if is_alone {
            (start, end) = (self.with_comment(line), rest);
            // No gap twice as wide as before.
            let before = self.text[..start].trim_end_matches([' ', '\r']);
            let opens = before.ends_with("\n\n") || before.trim_end().ends_with('{');
            if opens && self.text[end..].starts_with('\n') {
                end += 1;
            }
        }
        self.edits.push((start..end, String::new()));
    }
}

/// The attributes that stand before it.
fn leading(node: &impl ToTokens) -> Vec<Meta> {
    let mut tokens = node.to_token_stream().into_iter();
    let mut found = Vec::new();
    while let (Some(TokenTree::Punct(mark)), Some(TokenTree::Group(group))) =
        (tokens.next(), tokens.next())
    {
        if mark.as_char() != '#' || group.delimiter() != Delimiter::Bracket {
            break;
        }
        found.extend(syn::parse2::<Meta>(group.stream()));
    }
    found
}

macro_rules! cut_or_go_on {
    ($($name:ident: $kind:ty),* $(,)?) => {$(
        fn $name(&mut self, node: &'ast $kind) {
            if !self.cut(node) {
                visit::$name(self, node);
            }
        }
    )*};
}

impl<'ast> Visit<'ast> for Cutter<'_> {
    cut_or_go_on! {
        visit_arm: syn::Arm,
        visit_expr: syn::Expr,
        visit_field: syn::Field,
        visit_field_pat: syn::FieldPat,
        visit_field_value: syn::FieldValue,
        visit_fn_arg: syn::FnArg,
        visit_impl_item: syn::ImplItem,
        visit_item: Item,
        visit_stmt: syn::Stmt,
        visit_trait_item: syn::TraitItem,
        visit_variant: syn::Variant,
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        self.settle(attribute);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if !call.path.is_ident("cfg") {
            return visit::visit_macro(self, call);
        }
        let Ok(condition) = syn::parse2::<Meta>(call.tokens.clone()) else {
            return self.not_understood(call);
        };
        let whole = call.span().byte_range();
        match evaluate(&condition) {
            Some(Known::Yes) => self.edits.push((whole, "true".to_owned())),
            Some(Known::No) => self.edits.push((whole, "false".to_owned())),
            Some(Known::Open(left)) => self.narrow(&condition, left),
            None => self.not_understood(call),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_compiled_goes_with_all_that_belongs_to_it() {
        for (before, after) in [
            ("mod a;\n#[cfg(feature = \"teach\")]\npub mod gate;\nmod b;\n", "mod a;\nmod b;\n"),
            (
                "fn a() {}\n\n/// For → authors, whose name is 名.\n#[cfg(feature = \"teach\")]\n\
                 fn b<A, B>(x: (A, B)) {\n    c();\n}\n\nfn d() {}\n",
                "fn a() {}\n\nfn d() {}\n",
            ),
            ("fn a() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n", "fn a() {}\n"),
            (
                "//! Head.\n// Why b,\r\n// and how.\r\n#[cfg(test)]\nmod b;\nmod c;\n",
                "//! Head.\nmod c;\n",
            ),
            (
                "fn a() {\n    // About c.\n\n    // About b.\n    #[cfg(test)]\n    b();\n    c();\n}\n",
                "fn a() {\n    // About c.\n\n    c();\n}\n",
            ),
            (
                "fn a() {\n    match x {\n        #[cfg(feature = \"teach\")]\n        X::Y(_) => f(),\n        \
                 #[cfg(feature = \"teach\")]\n        X::Z => {\n            g()\n        }\n        _ => h(),\n    }\n}\n",
                "fn a() {\n    match x {\n        _ => h(),\n    }\n}\n",
            ),
            (
                "enum E {\n    A,\n    /// B.\n    #[cfg(feature = \"teach\")]\n    B(u8),\n}\n",
                "enum E {\n    A,\n}\n",
            ),
            (
                "static S: &[u8] = &[\n    1,\n    #[cfg(feature = \"teach\")]\n    2,\n];\n",
                "static S: &[u8] = &[\n    1,\n];\n",
            ),
            (
                "fn a() {\n    b();\n    #[cfg(feature = \"teach\")]\n    c.d(\"x\");\n    e();\n}\n",
                "fn a() {\n    b();\n    e();\n}\n",
            ),
            (
                "fn a() {\n    #[cfg(feature = \"teach\")]\n    let b = 1;\n    #[cfg(not(feature = \"teach\"))]\n    \
                 let b = 2;\n}\n",
                "fn a() {\n    let b = 2;\n}\n",
            ),
            (
                "struct S {\n    a: u8,\n    #[cfg(feature = \"teach\")]\n    b: u8,\n}\n",
                "struct S {\n    a: u8,\n}\n",
            ),
        ] {
            assert_eq!(strip(before).unwrap(), after);
        }
    }

    #[test]
    fn what_stays_keeps_its_letters() {
        for same in [
            "fn  odd( ) { }   // kept\n",
            "#[cfg(unix)]\nfn a() {\n    if cfg!(windows) {}\n}\n",
            "#[cfg( feature = \"learn\" )]\nfn a() {}\n",
            "#[cfg_attr(unix, allow( dead_code ))]\nfn a() {}\n",
            "#[cfg(any( unix,windows ))]\nfn a() {}\n",
            "#[cfg(not( unix ))]\nfn a() {}\n",
        ] {
            assert_eq!(strip(same).unwrap(), same);
        }
    }

    #[test]
    fn conditions_are_settled_where_they_can_be() {
        for (before, after) in [
            (
                "#[cfg_attr(feature = \"solutions\", path = \"s.rs\")]\n\
                 #[cfg_attr(not(feature = \"solutions\"), path = \"e.rs\")]\nmod x;\n",
                "#[path = \"e.rs\"]\nmod x;\n",
            ),
            ("fn a() {\n    b(cfg!(feature = \"solutions\"))\n}\n", "fn a() {\n    b(false)\n}\n"),
            ("#[cfg(any(test, unix))]\nfn a() {}\n", "#[cfg(unix)]\nfn a() {}\n"),
            (
                "#[cfg(all(not(feature = \"teach\"), unix))]\nfn a() {}\n",
                "#[cfg(unix)]\nfn a() {}\n",
            ),
        ] {
            assert_eq!(strip(before).unwrap(), after);
        }
    }

    #[test]
    fn what_would_be_overlooked_is_an_error_with_its_line() {
        let hidden = strip("fn a() {\n    vec![cfg!(feature = \"teach\")];\n}\n").unwrap_err();
        assert_eq!(hidden.line, 2, "{hidden:?}");
        assert_eq!(strip("fn a() {}\nfn {\n").unwrap_err().line, 2);
        assert_eq!(strip("\n#[cfg(some(thing))]\nfn a() {}\n").unwrap_err().line, 2);
    }

    #[test]
    fn modules_in_other_files_are_found() {
        let text = "mod a;\n#[path = \"../c.rs\"]\npub mod b;\nmod d {\n    mod e;\n}\nmod f {}\n";
        let module = |name: &str, path: Option<&str>, inside: &[&str]| Module {
            name: name.to_owned(),
            path: path.map(str::to_owned),
            inside: inside.iter().map(|s| (*s).to_owned()).collect(),
        };
        let wanted =
            [module("a", None, &[]), module("b", Some("../c.rs"), &[]), module("e", None, &["d"])];
        assert_eq!(modules(text).unwrap(), wanted);
    }
}
