//! A transaction that is still there when its connection is not.
use exercise::transaction::Connection;
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<(), DbError> {
    let transaction = {
        let mut connection = Connection::connect(db).await?;
        connection.begin().await? //~ E0597
    };
    transaction.commit().await
}

fn main() {}
