//! The body closes its connection: that is not for the body, and comes after it.
//~~ pitfall: double-close
use exercise::async_with::{Connection, WithError, with_connection};
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<(), WithError<DbError>> {
    with_connection(db, async |c: &mut Connection| c.close().await).await //~ close
}

fn main() {}
