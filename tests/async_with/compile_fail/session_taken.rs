//! The body takes the session out of its connection, and has it after the close.
use exercise::async_with::{Connection, WithError, with_connection};
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<String, WithError<DbError>> {
    let taken = with_connection(db, async |c: &mut Connection| Ok(c.session.clone())).await?; //~ field `session`
    taken.query("SELECT 1").await.map_err(WithError::Body)
}

fn main() {}
