//! Why something by the right name is not taken.

use std::io;

use record::Fact;

use super::names::harmless;
use super::place::Place;

/// Why something by the right name is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Odd {
    /// A symbolic link, or a hard link in an archive.
    Link,
    /// A folder.
    Folder,
    /// A pipe, a socket, a device, or a file with holes in an archive.
    Special,
    /// Its path leads out of the archive.
    Climbs,
    /// It has more bytes than the limit.
    TooLarge(u64),
    /// It became another while it was read.
    Changed,
    /// It cannot be read without a password.
    Encrypted,
    /// It is packed in a way that is not read here.
    Method,
    /// The archive does not hold what it says.
    Damaged(String),
    /// The operating system did not let it be read, or it is gone.
    Unreadable(String),
    /// So much of the submission had been read before that nothing is left of
    /// the limit, in bytes.
    UsedUp(u64),
}

impl Odd {
    /// An error of the operating system.
    pub fn unreadable(error: &io::Error) -> Self {
        Odd::Unreadable(error.to_string())
    }

    /// A mistake in an archive.
    pub fn damaged(error: impl std::fmt::Display) -> Self {
        Odd::Damaged(error.to_string())
    }

    /// In a sentence.
    pub fn fact(&self, place: &Place) -> Fact {
        let fact = match self {
            Odd::Link => Fact::new("submission-link"),
            Odd::Folder => Fact::new("submission-folder"),
            Odd::Special => Fact::new("submission-special"),
            Odd::Climbs => Fact::new("submission-climbs"),
            Odd::TooLarge(limit) => {
                Fact::new("submission-too-large").with("limit", limit.div_ceil(1024))
            }
            Odd::Changed => Fact::new("submission-changed"),
            Odd::Encrypted => Fact::new("submission-encrypted"),
            Odd::Method => Fact::new("submission-method"),
            Odd::Damaged(error) => Fact::new("submission-damaged").with("error", harmless(error)),
            Odd::Unreadable(error) => {
                Fact::new("submission-unreadable").with("error", harmless(error))
            }
            Odd::UsedUp(limit) => {
                Fact::new("submission-used-up").with("limit", limit.div_ceil(1024))
            }
        };
        fact.with("place", place)
    }
}
