//! Where something stands within a submission.

use std::fmt;

use super::names::harmless;

/// A path within a submission, part by part. What is not UTF-8 is replaced:
/// this is for choosing and for telling, not for opening.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(Vec<String>);

/// A path in an archive that would lead out of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ClimbsOut;

/// What is in folders of these names is nobody's answer.
const SKIPPED: [&str; 6] = ["target", "solutions", "tests", ".git", ".asynclings", "__MACOSX"];

/// Longer paths are no paths of people.
const LONGEST: usize = 4096;

impl Place {
    /// What stands in this folder or archive by this name.
    pub fn inner(&self, name: &str) -> Place {
        let mut parts = self.0.clone();
        parts.push(name.to_owned());
        Place(parts)
    }

    /// What stands in this archive by the path that its directory says.
    /// Windows programs write backslashes.
    pub fn in_archive(&self, path: &str) -> (Place, Result<(), ClimbsOut>) {
        let end = (0..=LONGEST.min(path.len())).rev().find(|i| path.is_char_boundary(*i));
        let path = &path[..end.unwrap_or(0)];
        let drive = path.as_bytes().get(1) == Some(&b':');
        let mut climbs = drive || path.starts_with(['/', '\\']);
        let mut parts = self.0.clone();
        for part in path.split(['/', '\\']) {
            match part {
                "" | "." => {}
                ".." => climbs = true,
                part => parts.push(part.to_owned()),
            }
        }
        (Place(parts), if climbs { Err(ClimbsOut) } else { Ok(()) })
    }

    /// The last part; empty for the submission itself.
    pub fn name(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// The folders that lead there, the outermost first.
    pub fn folders(&self) -> &[String] {
        self.0.split_last().map_or(&[], |(_, folders)| folders)
    }

    /// How many parts there are.
    pub fn depth(&self) -> usize {
        self.0.len()
    }

    /// Whether it is in a folder that is not looked into.
    pub fn is_skipped(&self) -> bool {
        self.folders().iter().any(|folder| is_skipped(folder))
    }
}

/// Whether a folder of this name is not looked into.
pub(super) fn is_skipped(folder: &str) -> bool {
    SKIPPED.iter().any(|skipped| skipped.eq_ignore_ascii_case(folder))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&harmless(&self.0.join("/")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_archives_are_taken_apart() {
        let cases = [
            ("exercises/01/one.rs", "work.zip/exercises/01/one.rs", true),
            ("./exercises//one.rs", "work.zip/exercises/one.rs", true),
            ("exercises\\01\\one.rs", "work.zip/exercises/01/one.rs", true),
            ("../one.rs", "work.zip/one.rs", false),
            ("a/../../one.rs", "work.zip/a/one.rs", false),
            ("/etc/one.rs", "work.zip/etc/one.rs", false),
            ("C:\\one.rs", "work.zip/C:/one.rs", false),
            ("a..b/one.rs", "work.zip/a..b/one.rs", true),
            ("", "work.zip", true),
        ];
        let archive = Place::default().inner("work.zip");
        for (path, shown, stays) in cases {
            let (place, inside) = archive.in_archive(path);
            assert_eq!((place.to_string().as_str(), inside.is_ok()), (shown, stays), "{path}");
        }
        let (long, _) = archive.in_archive(&"ä/".repeat(1_000_000));
        assert!(long.depth() < 3000);
    }

    #[test]
    fn builds_and_tests_are_skipped_at_any_depth() {
        let cases = [
            ("target/one.rs", true),
            ("a/.git/b/one.rs", true),
            ("a/Solutions/one.rs", true),
            ("target", false),
            ("my_tests/one.rs", false),
        ];
        for (path, skipped) in cases {
            assert_eq!(Place::default().in_archive(path).0.is_skipped(), skipped, "{path}");
        }
    }
}
