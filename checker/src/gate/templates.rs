//! What `new` writes, and what the gate compares with. The words stand in
//! `templates/`.

use record::text::fill;

use crate::catalogue::Exercise;

/// The exercise, as a learner gets it.
pub const STUB: &str = include_str!("templates/stub.rs.txt");
/// The reference answer.
pub const SOLUTION: &str = include_str!("templates/solution.rs.txt");
/// The tests that every learner sees.
pub const VISIBLE: &str = include_str!("templates/visible.rs.txt");
/// The other tests.
pub const HIDDEN: &str = include_str!("templates/hidden.rs.txt");
/// A wrong answer.
pub const REJECTED: &str = include_str!("templates/rejected.rs.txt");
/// A right answer of another kind.
pub const ACCEPTED: &str = include_str!("templates/accepted.rs.txt");
/// What a learner reads.
pub const TEXT: &str = include_str!("templates/text.toml");
/// The entry of the catalogue.
pub const ENTRY: &str = include_str!("templates/entry.toml");
/// The lesson of a new chapter.
pub const LESSON: &str = include_str!("templates/lesson.md");

/// `tests/NAME/main.rs`, the same for all but the name.
pub fn main(exercise: &Exercise) -> String {
    let text = fill_in(include_str!("templates/main.rs.txt"), &exercise.name, &exercise.folder);
    text.split_inclusive('\n').map(formatted).collect()
}

/// The line; an attribute that a long name has made too long, as rustfmt breaks it.
fn formatted(line: &str) -> String {
    const WIDTH: usize = 100;
    let attribute = line.trim_end().strip_prefix("#[cfg_attr(").and_then(|a| a.strip_suffix(")]"));
    match attribute.and_then(|a| a.rsplit_once(", ")) {
        Some((condition, path)) if line.trim_end().len() > WIDTH => {
            format!("#[cfg_attr(\n    {condition},\n    {path}\n)]\n")
        }
        _ => line.to_owned(),
    }
}

/// The target in the root's manifest.
pub fn target(name: &str) -> String {
    fill_in(include_str!("templates/target.toml"), name, "")
}

/// The module in `solutions/lib.rs`.
pub fn module(exercise: &Exercise) -> String {
    fill_in(include_str!("templates/module.rs.txt"), &exercise.name, &exercise.folder)
}

/// A template with its blanks filled.
pub fn fill_in(template: &str, name: &str, folder: &str) -> String {
    fill(template, [("name", name), ("folder", folder)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_formatted_as_rustfmt_does() {
        let short = "#[cfg_attr(feature = \"solutions\", path = \"../a.rs\")]\n";
        assert_eq!(formatted(short), short);
        let name = "a".repeat(70);
        let long = format!("#[cfg_attr(not(feature = \"x\"), path = \"{name}\")]\n");
        let broken = format!("#[cfg_attr(\n    not(feature = \"x\"),\n    path = \"{name}\"\n)]\n");
        assert_eq!(formatted(&long), broken);
    }
}
