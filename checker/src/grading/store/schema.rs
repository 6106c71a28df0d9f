//! The versions of the store's tables.

use rusqlite_migration::{M, Migrations};

/// "asyn", as in `schema_1.sql`.
pub(super) const APPLICATION_ID: i32 = 0x6173_796e;

/// Each step leads from one version to the next. Two programs may open an old
/// store at once; a step must therefore fail, not work twice, where it was done
/// already (`CREATE TABLE` and `ADD COLUMN` do).
pub(super) const STEPS: &[M<'static>] = &[M::up(include_str!("schema_1.sql"))];

/// The way to the newest version.
pub(super) fn migrations() -> Migrations<'static> {
    Migrations::from_slice(STEPS)
}
