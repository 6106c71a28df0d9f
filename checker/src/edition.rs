//! Which student edition a folder is: `exercises/edition.toml`.
//!
//! The full kit has no such file. An edition made by `release` has one, and a
//! submission that still holds it tells which edition it was made from.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Where it stands in an edition.
pub const FILE: &str = "exercises/edition.toml";

/// A file that is larger than this is not one of ours. In bytes.
const MOST: u64 = 64 * 1024;

/// Longer words than these are not ours either. In characters.
const LONGEST_ID: usize = 64;
const LONGEST_LABEL: usize = 200;

/// A student edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Short hash over all that an answer can depend on: stubs, visible tests,
    /// the test kit, the manifests. The same kit always gives the same id.
    pub id: String,
    /// What the instructor calls it: a course, a term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Version of the kit that it was made from.
    pub kit: String,
    /// Its exercises, in the order of learning.
    pub exercises: Vec<String>,
}

impl Edition {
    /// Reads what stands in an `edition.toml`. None if that is not what it
    /// should be: a submission may hold anything under that name.
    pub fn parse(text: &str) -> Option<Self> {
        let edition: Edition = toml::from_str(text).ok()?;
        edition.is_plausible().then_some(edition)
    }

    /// Whether this may be shown to people and used as a key.
    fn is_plausible(&self) -> bool {
        let is_id = |text: &str| {
            !text.is_empty()
                && text.len() <= LONGEST_ID
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b))
        };
        is_id(&self.id)
            && is_id(&self.kit)
            && self.label.as_deref().is_none_or(is_label)
            && self.exercises.iter().all(|name| {
                name.len() <= LONGEST_LABEL
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            })
    }
}

/// Whether this can be the label of an edition: one line, not too long.
pub fn is_label(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= LONGEST_LABEL
        && !text.chars().any(char::is_control)
}

/// The edition that `folder` is, or was made from. None for a full kit, and
/// for a file that cannot be trusted to be one: a link, a device, too large.
pub fn edition_of(folder: &Path) -> Option<Edition> {
    let path = folder.join(FILE);
    let found = fs::symlink_metadata(&path).ok()?;
    if !found.is_file() || found.len() > MOST {
        return None;
    }
    Edition::parse(&fs::read_to_string(&path).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "id = \"0a1b2c\"\nlabel = \"Autumn\"\nkit = \"0.1.0\"\nexercises = [\"a_b\"]\n";

    #[test]
    fn an_edition_is_read_and_a_full_kit_has_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(edition_of(folder.path()), None);
        fs::create_dir(folder.path().join("exercises")).unwrap();
        fs::write(folder.path().join(FILE), GOOD).unwrap();
        let edition = edition_of(folder.path()).unwrap();
        assert_eq!((edition.id.as_str(), edition.label.as_deref()), ("0a1b2c", Some("Autumn")));
        assert_eq!(edition.exercises, ["a_b"]);
    }

    #[test]
    fn what_a_submission_made_up_is_not_believed() {
        for (good, bad) in [
            ("0a1b2c", "../../etc"),
            ("0a1b2c", "<script>"),
            ("0a1b2c", ""),
            ("0.1.0", "\\u001b[31m"),
            ("Autumn", "\\u001b[2J"),
            ("Autumn", "two\\nlines"),
            ("a_b", "a/b"),
        ] {
            assert_eq!(Edition::parse(&GOOD.replace(good, bad)), None, "{bad}");
        }
        assert_eq!(Edition::parse("id = 3"), None);
        assert_eq!(Edition::parse(&GOOD.replace("0a1b2c", &"a".repeat(65))), None);
        let newer = format!("{GOOD}more = true\n");
        assert!(Edition::parse(&newer).is_some(), "a later version may say more");
    }

    #[test]
    fn only_a_small_file_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        fs::create_dir_all(&path).unwrap();
        assert_eq!(edition_of(folder.path()), None, "a folder");
        fs::remove_dir(&path).unwrap();
        fs::write(&path, format!("{GOOD}#{}", "x".repeat(MOST as usize))).unwrap();
        assert_eq!(edition_of(folder.path()), None, "too large");
        #[cfg(unix)]
        {
            fs::write(folder.path().join("real"), GOOD).unwrap();
            fs::remove_file(&path).unwrap();
            std::os::unix::fs::symlink(folder.path().join("real"), &path).unwrap();
            assert_eq!(edition_of(folder.path()), None, "a link");
        }
    }
}
