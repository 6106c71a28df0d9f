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
    fill_in(include_str!("templates/main.rs.txt"), &exercise.name, &exercise.folder)
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
