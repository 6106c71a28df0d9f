//! A transaction that is still there when its connection is not.
#![allow(unused_mut)] // for a `commit` that borrows
use exercise::transaction::Connection;
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<(), DbError> {
    let mut transaction = {
        let mut connection = Connection::connect(db).await?;
        connection.begin().await? //~ E0597
    };
    transaction.commit().await
}

fn main() {}
