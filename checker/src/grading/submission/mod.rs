//! What students handed in: from a folder of submissions the exercise files,
//! and nothing else.
//!
//! Nothing in a submission is trusted. No link is followed, nothing is
//! unpacked to the disk, and everything is read within [`Limits`], whatever
//! sizes are declared. What cannot be taken becomes an
//! [`Answer::Refused`](super::model::Answer::Refused) or a note, and never
//! stops another's submission from being read.
//!
//! ```no_run
//! # use asynclings::grading::submission::{Batch, Limits};
//! # fn main() -> asynclings::problem::Result<()> {
//! let kit = asynclings::kit::Kit::find()?;
//! let batch = Batch::open("handed-in".as_ref(), &kit, None, Limits::default())?;
//! for source in batch.sources() {
//!     let submission = batch.read(source);
//!     println!("{}: {} answers", submission.student, submission.answers.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! When something was handed in: the roster knows best. Else it is the newest
//! time of the files that were taken, which a student may set at will. Times
//! in zip archives may be local ones without a zone; they count as UTC.

mod archive;
mod batch;
mod choice;
mod edition;
mod folder;
mod ids;
mod meter;
mod names;
mod odd;
mod place;
mod search;
mod tarred;
#[cfg(test)]
mod tests;
pub(super) mod times;
mod tree;
mod wanted;
mod zipped;

pub use batch::{Batch, Source};

/// How much of one submission is looked at. What is beyond is refused, or not
/// seen, with a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one exercise file.
    pub file: u64,
    /// Bytes read of one submission: of its files, and of its archives both
    /// packed and unpacked. Nothing that is not needed is unpacked, but of a
    /// `.tar.gz` everything is needed.
    pub archive: u64,
    /// Files and folders, those in archives included. Folders of builds and
    /// of git are not looked into, and count as one; in an archive what is in
    /// them is passed over, up to ten times as much.
    pub entries: usize,
    /// Folders within each other, an archive counting as one.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { file: 256 * 1024, archive: 64 * 1024 * 1024, entries: 20_000, depth: 16 }
    }
}
