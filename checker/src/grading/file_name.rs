//! File names for students, whose ids anybody may have chosen.

use std::collections::{BTreeMap, BTreeSet};

use crate::hash::Key;

/// Names longer than this are cut: some systems allow 255 bytes, and an ending
/// comes after it.
const MOST: usize = 80;

/// A file name for each id, without an ending: plain letters, one folder deep,
/// no two the same even where capitals do not count. An id that is a plain
/// name is its own.
pub fn file_names<'a>(ids: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let ids: BTreeSet<&str> = ids.into_iter().collect();
    let mut taken = BTreeSet::new();
    let mut names = BTreeMap::new();
    // Plain ids first: what somebody else calls himself takes no name away.
    let (plain, odd): (Vec<&str>, Vec<&str>) = ids.into_iter().partition(|id| is_plain(id));
    for id in plain.into_iter().chain(odd) {
        let mut name = if is_plain(id) { id.to_owned() } else { marked(id, 0) };
        let mut round = 0;
        while !taken.insert(name.to_lowercase()) {
            round += 1;
            name = marked(id, round);
        }
        names.insert(id, name);
    }
    names
}

fn is_plain(id: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.+@".contains(&b);
    !id.is_empty()
        && id.len() <= MOST
        && id.bytes().all(fits)
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !id.ends_with('.')
        && !is_reserved(id)
}

/// Names that Windows keeps for devices, whatever their ending, and those that
/// pages and exports use themselves.
fn is_reserved(id: &str) -> bool {
    const OWN: [&str; 3] = ["index", "marks", "details"];
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = id.split('.').next().unwrap_or_default().to_lowercase();
    let numbered = |kind: &str| {
        stem.strip_prefix(kind).is_some_and(|n| n.len() == 1 && n != "0" && n.parse::<u8>().is_ok())
    };
    OWN.contains(&stem.as_str())
        || DEVICES.contains(&stem.as_str())
        || numbered("com")
        || numbered("lpt")
}

/// The id as far as it is plain, and a mark that tells it from all others.
fn marked(id: &str, round: u32) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let kept: String = id.chars().take(40).map(plain).collect();
    let kept = kept.trim_matches('_');
    let mut key = Key::new("file name");
    key.add("id", id);
    key.add("round", round.to_le_bytes());
    let hash: String = key.finish().chars().take(12).collect();
    if kept.is_empty() { format!("student-{hash}") } else { format!("{kept}-{hash}") }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use super::*;

    #[test]
    fn a_plain_id_is_its_own_name() {
        let ids = ["ada", "u1234567", "ada.lovelace@example.org", "x-y_z"];
        for (id, name) in file_names(ids) {
            assert_eq!(id, name);
        }
    }

    #[test]
    fn no_id_climbs_out_of_the_folder_or_takes_the_name_of_another() {
        let long = "x".repeat(10_000);
        let ids = [
            "",
            ".",
            "..",
            "../../etc/passwd",
            "/etc/passwd",
            "a/b",
            "a\\b",
            "C:\\x",
            "a:b",
            "a\0b",
            "nul",
            "NUL.txt",
            "com1",
            "CON",
            "index",
            "INDEX",
            "marks",
            "-rf",
            ".hidden",
            "a ",
            "a.",
            "a\n",
            "Ada",
            "ada",
            "ADA",
            "名前",
            "名字",
            "<script>",
            "\u{202e}",
            "~",
            "$HOME",
            "a*?",
            "com¹",
            long.as_str(),
            "_",
            "__",
        ];
        let names = file_names(ids);
        assert_eq!(names.len(), ids.len());
        let mut seen = BTreeSet::new();
        for (id, name) in &names {
            let parts: Vec<_> = Path::new(name).components().collect();
            assert!(matches!(parts[..], [Component::Normal(_)]), "{id:?}: {name}");
            assert!(name.len() <= MOST && name.is_ascii(), "{id:?}: {name}");
            assert!(!is_reserved(name) && !name.starts_with(['.', '-']), "{id:?}: {name}");
            assert!(seen.insert(name.to_lowercase()), "{id:?}: {name} is taken");
        }
        let taken = names["ada"].clone();
        let again = file_names([ids[3], taken.as_str()]);
        assert_eq!(again[ids[3]], names[ids[3]], "the name does not depend on others");
    }

    #[test]
    fn the_name_of_an_odd_id_cannot_be_taken_by_choosing_it() {
        let odd = file_names(["a/b"])["a/b"].clone();
        let both = file_names(["a/b", &odd]);
        assert_eq!(both[odd.as_str()], odd);
        assert_ne!(both["a/b"], odd);
    }
}
