//! A statement on the connection while its transaction is open.
#![allow(unused_mut)] // for a `commit` that borrows
use exercise::transaction::Connection;
use kit::fake::DbError;

pub async fn misuse(connection: &mut Connection) -> Result<(), DbError> {
    let mut transaction = connection.begin().await?;
    connection.execute("note it").await?; //~ E0499
    transaction.commit().await
}

fn main() {}
