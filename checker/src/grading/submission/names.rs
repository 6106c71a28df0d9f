//! Names that others chose: which are archives, and how they are written so
//! that they do no harm where they are shown.

use std::ffi::{OsStr, OsString};
use std::fmt::Write;

/// Written so that it neither moves the cursor, nor turns the direction of
/// writing, nor fills the screen.
pub(super) fn harmless(text: &str) -> String {
    const SHOWN: usize = 160;
    let mut out = String::with_capacity(text.len());
    push_harmless(&mut out, text);
    let length = out.chars().count();
    if length > SHOWN {
        let head: String = out.chars().take(SHOWN / 2).collect();
        let tail: String = out.chars().skip(length - SHOWN / 2).collect();
        return format!("{head}…{tail}");
    }
    out
}

/// The name of a file as text, and different for different names as far as
/// anybody may expect: what is not text is written `\xFF`.
pub(super) fn as_text(name: &OsStr) -> String {
    let mut out = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        push_harmless(&mut out, chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out
}

fn push_harmless(out: &mut String, text: &str) {
    for c in text.chars() {
        let turns = matches!(
            c,
            '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        );
        if c.is_control() || turns || c == '\u{2028}' || c == '\u{2029}' {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
}

/// What the end of a name says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packed {
    /// An archive that is read: zip, or tar, packed by gzip or not. Which one
    /// of them the content says.
    Readable,
    /// An archive that is not.
    Other,
}

const PACKED: [(&str, Packed); 15] = [
    (".zip", Packed::Readable),
    (".tar.gz", Packed::Readable),
    (".tgz", Packed::Readable),
    (".tar", Packed::Readable),
    (".tar.xz", Packed::Other),
    (".tar.bz2", Packed::Other),
    (".tar.zst", Packed::Other),
    (".txz", Packed::Other),
    (".tbz2", Packed::Other),
    (".7z", Packed::Other),
    (".rar", Packed::Other),
    (".gz", Packed::Other),
    (".xz", Packed::Other),
    (".bz2", Packed::Other),
    (".zst", Packed::Other),
];

/// Whether it is an archive by its name, and how long its extension is, in
/// bytes with the dot.
pub(super) fn packed(name: &OsStr) -> Option<(Packed, usize)> {
    let name = name.as_encoded_bytes();
    PACKED.iter().find_map(|(end, packed)| {
        let start = name.len().checked_sub(end.len())?;
        (start > 0 && name[start..].eq_ignore_ascii_case(end.as_bytes()))
            .then_some((*packed, end.len()))
    })
}

/// The name of an archive without its extension.
pub(super) fn without_end(name: &OsStr) -> OsString {
    let end = packed(name).map_or(0, |(_, end)| end);
    match name.to_str() {
        Some(text) => text[..text.len() - end].into(),
        None => shorter(name, end),
    }
}

#[cfg(unix)]
fn shorter(name: &OsStr, bytes: usize) -> OsString {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    let name = name.as_bytes();
    OsString::from_vec(name[..name.len() - bytes].to_vec())
}

#[cfg(not(unix))]
fn shorter(name: &OsStr, _: usize) -> OsString {
    std::path::Path::new(name).with_extension("").into_os_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_no_harm() {
        assert_eq!(harmless("a/b c.rs"), "a/b c.rs");
        assert_eq!(harmless("\x1b[2J\n"), "\\u{1b}[2J\\u{a}");
        assert_eq!(harmless("cod\u{202E}sr.zip"), "cod\\u{202e}sr.zip");
        let long = harmless(&"ä".repeat(100_000));
        assert_eq!(long.chars().count(), 161);
        assert_eq!(harmless("李雷"), "李雷");
    }

    #[test]
    fn archives_are_known_by_their_ends() {
        let cases = [
            ("anna.zip", Some("anna")),
            ("anna.ZIP", Some("anna")),
            ("anna.b.tar.gz", Some("anna.b")),
            ("anna.tgz", Some("anna")),
            ("anna.tar", Some("anna")),
            ("anna.7z", Some("anna")),
            ("anna.tar.xz", Some("anna")),
            (".zip", None),
            ("anna.rs", None),
            ("zip", None),
        ];
        for (name, stem) in cases {
            let found = packed(OsStr::new(name)).map(|_| without_end(OsStr::new(name)));
            assert_eq!(found.as_deref(), stem.map(OsStr::new), "{name}");
        }
    }
}
