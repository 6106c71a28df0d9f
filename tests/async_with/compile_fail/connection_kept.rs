//! The body puts its connection aside: after the close nobody may have it.
use exercise::async_with::{Connection, WithError, with_connection};
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<(), WithError<DbError>> {
    let mut kept = Vec::new();
    let ended = with_connection(db, async |c: &mut Connection| Ok(kept.push(c))).await; //~ lifetime may not live long enough
    drop(kept);
    ended
}

fn main() {}
