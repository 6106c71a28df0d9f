//! Safe code that reads all memory.
//!
//! A function that takes a `&'a &'b ()` knows that `'b` outlives `'a`. Made a
//! function pointer, it can be made to forget that (rust-lang/rust#25860), and
//! then it hands out references to what is no longer there. From there it is a
//! page of code, without the word `unsafe`, to the kit's secret and to a record
//! that says passed. The compiler will not refuse it for some time to come.
//!
//! Nobody can list all ways to say it. Here are those that are found by
//! looking: two lifetimes in one reference, and a function with two lifetimes
//! in a file that also has a type of function pointers.

use proc_macro2::{Delimiter, Span, TokenTree};

use super::is;

/// What was seen of it in a file so far.
#[derive(Default)]
pub(super) struct Seen {
    /// A function with lifetimes of its own, two or more.
    function: Option<Span>,
    /// A type of function pointers.
    pointer: bool,
}

impl Seen {
    /// Looks at the beginning of these tokens; the place where the two
    /// lifetimes of a reference begin, if they do.
    pub fn look(&mut self, tokens: &[TokenTree]) -> Option<Span> {
        match tokens.first()? {
            TokenTree::Ident(word) if word == "fn" => {
                match tokens.get(1) {
                    Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Parenthesis => {
                        self.pointer = true;
                    }
                    Some(TokenTree::Ident(_)) if lifetimes(&tokens[2..]) > 1 => {
                        self.function.get_or_insert(word.span());
                    }
                    _ => {}
                }
                None
            }
            first => is_nested_reference(tokens).then(|| first.span()),
        }
    }

    /// The place of the function, if there is all that it takes.
    pub fn end(self) -> Option<Span> {
        self.function.filter(|_| self.pointer)
    }
}

/// How many lifetimes the parameters of a function begin with: `<'a, 'b: 'a, T>`
/// has two. Parameters that are lifetimes come first.
fn lifetimes(tokens: &[TokenTree]) -> usize {
    if !is(tokens.first(), '<') {
        return 0;
    }
    let mut count = 0;
    for (before, token) in tokens.iter().zip(&tokens[1..]) {
        let begins = is(Some(before), '<') || is(Some(before), ',');
        match token {
            TokenTree::Punct(p) if p.as_char() == '\'' => count += usize::from(begins),
            TokenTree::Punct(p) if p.as_char() == '>' => break,
            TokenTree::Group(_) => break,
            _ if begins => break,
            _ => {}
        }
    }
    count
}

/// `&'a &'b`.
fn is_nested_reference(tokens: &[TokenTree]) -> bool {
    let reference = |at: usize| {
        is(tokens.get(at), '&')
            && is(tokens.get(at + 1), '\'')
            && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_)))
    };
    reference(0) && reference(3)
}
