//! Grading: many submissions, by people who are not trusted.
//!
//! [`submission`] takes from folders and archives the exercise files and
//! nothing else. [`sandbox`] is where they are compiled and run. [`store`]
//! keeps what came of it, so that a run may be stopped at any moment and
//! nothing is done twice. [`course`] turns verdicts into marks, [`export`] and
//! [`feedback`] hand them out, and [`release`] makes the edition that students
//! get. What these parts hand to each other stands in [`model`]; what of it a
//! student may see, in [`student_view`].

pub mod course;
pub mod export;
pub mod feedback;
pub mod file_name;
pub mod grade;
pub mod judge;
pub mod model;
pub mod plain;
pub mod policy;
pub mod release;
pub mod report;
pub mod roster;
pub mod sandbox;
pub mod store;
pub mod student_view;
pub mod submission;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::sample;
