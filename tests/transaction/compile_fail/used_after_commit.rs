//! A statement after the commit: `commit` takes the transaction away.
use exercise::transaction::Connection;
use kit::fake::DbError;

pub async fn misuse(connection: &mut Connection) -> Result<u64, DbError> {
    let mut transaction = connection.begin().await?;
    transaction.commit().await?;
    transaction.execute("note it").await //~ E0382
}

fn main() {}
