//! A query after the close: `close` takes the connection away.
use exercise::db_connection::Connection;
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<String, DbError> {
    let mut connection = Connection::connect(db).await?;
    connection.close().await?;
    connection.query("SELECT 1").await //~ E0382
}

fn main() {}
