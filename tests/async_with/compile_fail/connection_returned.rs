//! The body returns its connection: it is lent, and goes back when the body ends.
use exercise::async_with::{Connection, WithError, with_connection};
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<String, WithError<DbError>> {
    let connection = with_connection(db, async |c: &mut Connection| Ok(c)).await?; //~ lifetime may not live long enough
    connection.query("SELECT 1").await.map_err(WithError::Body)
}

fn main() {}
