//! What a test run leaves behind.
//!
//! The test kit writes one [`Record`] per test: what the future did, event by
//! event on virtual time, and, if the test failed, a [`Diagnosis`] that names
//! the pitfall. Everything that people see comes from that one record: the
//! card under a failing test ([`card`]), the [`timeline`] drawn in it, the
//! checker's verdict, and any picture made later from the same data.
//!
//! The kit and the checker share this crate so that `cargo test` and the
//! checker print the same words.

pub mod card;
mod diagnosis;
mod event;
pub mod pitfall;
pub mod proof;
pub mod text;
pub mod timeline;

pub use diagnosis::{Diagnosis, Fact};
pub use event::{Event, Kind, Outcome, Panic, Record, VERSION};
pub use pitfall::Stage;
