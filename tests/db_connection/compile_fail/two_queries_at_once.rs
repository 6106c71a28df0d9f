//! Two queries at once on one connection: a session answers one at a time.
use exercise::db_connection::Connection;
use futures::future::join;
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<(), DbError> {
    let mut connection = Connection::connect(db).await?;
    let users = connection.query("SELECT * FROM users");
    let orders = connection.query("SELECT * FROM orders"); //~ E0499
    join(users, orders).await;
    connection.close().await
}

fn main() {}
