//! The body gives its connection to a task, which may outlive the close.
use exercise::async_with::{Connection, WithError, with_connection};
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<(), WithError<DbError>> {
    with_connection(db, async |c: &mut Connection| {
        tokio::spawn(async move { c.query("SELECT 1").await }); //~ E0521
        Ok(())
    })
    .await
}

fn main() {}
