//~~ pitfall: double-close
//! A second close: the first one takes the connection away.
#![allow(unused_mut)] // for a `close` that borrows: it is to compile here
use exercise::db_connection::Connection;
use kit::fake::{Db, DbError};

pub async fn misuse(db: &Db) -> Result<(), DbError> {
    let mut connection = Connection::connect(db).await?;
    connection.close().await?;
    connection.close().await //~ E0382
}

fn main() {}
