//! Which student edition a submission was made from.

use serde::Deserialize;

#[derive(Deserialize)]
struct Edition {
    id: String,
}

/// The id in the content of `edition.toml`, if there is one that may be shown.
pub(super) fn id(content: &[u8]) -> Option<String> {
    const LONGEST: usize = 100;
    let text = std::str::from_utf8(content).ok()?;
    let Edition { id } = toml::from_str(text).ok()?;
    let fine = !id.is_empty() && id.len() <= LONGEST && !id.contains(char::is_control);
    fine.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_id_counts() {
        let cases: [(&[u8], Option<&str>); 7] = [
            (b"id = \"2026-autumn\"\nmade = 2026-01-01\n", Some("2026-autumn")),
            (b"id = 7", None),
            (b"id = \"\"", None),
            (b"id = \"\\u001b[2J\"", None),
            (b"", None),
            (b"\xFF\xFE", None),
            (b"id = ", None),
        ];
        for (content, expected) in cases {
            assert_eq!(id(content).as_deref(), expected);
        }
        assert_eq!(id(format!("id = \"{}\"", "x".repeat(101)).as_bytes()), None);
        assert_eq!(id(format!("x = {}", "[".repeat(100_000)).as_bytes()), None);
    }
}
