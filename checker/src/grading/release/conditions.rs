//! `cfg` in an edition: what is known of it, now that the features of authors
//! and instructors are gone and nobody tests the program itself.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Meta, MetaList, Token};

/// Features that an edition does not have.
pub const GONE: [&str; 2] = ["teach", "solutions"];

/// What a condition comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It always holds.
    Yes,
    /// It never holds.
    No,
    /// That depends on the machine, or on a feature that stays: the condition
    /// that is left, as source.
    Open(String),
}

/// What a condition comes to in an edition. None if it is no condition.
pub fn evaluate(condition: &Meta) -> Option<Known> {
    Some(match condition {
        Meta::Path(path) if path.is_ident("test") => Known::No,
        Meta::NameValue(pair) if pair.path.is_ident("feature") && is_gone(&pair.value) => Known::No,
        Meta::Path(_) | Meta::NameValue(_) => Known::Open(source(condition)),
        Meta::List(list) => {
            let parts: Option<Vec<Known>> = parts(list)?.iter().map(evaluate).collect();
            combine(&source(&list.path), parts?)?
        }
    })
}

/// The comma-separated parts in the brackets of an attribute or a condition.
pub fn parts(list: &MetaList) -> Option<Punctuated<Meta, Token![,]>> {
    list.parse_args_with(Punctuated::parse_terminated).ok()
}

fn combine(word: &str, parts: Vec<Known>) -> Option<Known> {
    let (all, any) = (word == "all", word == "any");
    if word == "not" {
        let [part] = <[Known; 1]>::try_from(parts).ok()?;
        return Some(match part {
            Known::Yes => Known::No,
            Known::No => Known::Yes,
            Known::Open(source) => Known::Open(format!("not({source})")),
        });
    }
    if !all && !any {
        return None;
    }
    // One of these decides, the other says nothing.
    let (decides, idle) = if all { (Known::No, Known::Yes) } else { (Known::Yes, Known::No) };
    if parts.contains(&decides) {
        return Some(decides);
    }
    let open: Vec<String> = parts
        .into_iter()
        .filter_map(|part| match part {
            Known::Open(source) => Some(source),
            Known::Yes | Known::No => None,
        })
        .collect();
    Some(match open.as_slice() {
        [] => idle,
        [one] => Known::Open(one.clone()),
        _ => Known::Open(format!("{word}({})", open.join(", "))),
    })
}

fn is_gone(value: &Expr) -> bool {
    let Expr::Lit(literal) = value else { return false };
    let Lit::Str(name) = &literal.lit else { return false };
    GONE.contains(&name.value().as_str())
}

fn source(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_taken_out_and_the_rest_stays() {
        let open = |source: &str| Known::Open(source.to_owned());
        for (condition, known) in [
            ("test", Known::No),
            ("unix", open("unix")),
            ("feature = \"teach\"", Known::No),
            ("feature = \"learn\"", open("feature = \"learn\"")),
            ("not(feature = \"teach\")", Known::Yes),
            ("not(unix)", open("not(unix)")),
            ("all(test, unix)", Known::No),
            ("all(not(test), unix)", open("unix")),
            ("any(test, feature = \"teach\")", Known::No),
            ("any(test, unix)", open("unix")),
            ("any(test, unix, windows)", open("any(unix, windows)")),
            ("any(not(feature = \"solutions\"), unix)", Known::Yes),
            ("all()", Known::Yes),
            ("any()", Known::No),
            ("not(any(test, all(unix, feature = \"solutions\")))", Known::Yes),
        ] {
            let meta: Meta = syn::parse_str(condition).unwrap();
            assert_eq!(evaluate(&meta), Some(known), "{condition}");
        }
        for wrong in ["not()", "not(unix, test)", "some(unix)", "all(3)"] {
            let meta: Meta = syn::parse_str(wrong).unwrap();
            assert_eq!(evaluate(&meta), None, "{wrong}");
        }
    }
}
