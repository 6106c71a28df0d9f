//! A query after `discard`: that takes the connection away.
use std::num::NonZeroUsize;

use exercise::pool::Pool;
use kit::fake::{Db, DbError};

pub async fn misuse(db: Db) -> Result<String, DbError> {
    let pool = Pool::new(db, NonZeroUsize::MIN);
    let mut connection = pool.acquire().await?;
    connection.discard();
    connection.query("SELECT 1").await //~ E0382
}

fn main() {}
