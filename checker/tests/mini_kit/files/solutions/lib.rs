//! The reference answers as one library.

#[path = "01_pairs/pair.rs"]
pub mod pair;
