//! A guard in a ManuallyDrop that is taken out after a good close, and
//! `futures::TryFutureExt` in place of `?`.

use std::mem::ManuallyDrop;

use futures::TryFutureExt;
use kit::fake::{Db, DbError, Session};

struct Abandoned(Session);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

pub struct Connection {
    guard: Abandoned,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let guard = Abandoned(db.session());
        guard.0.connect().await?;
        Ok(Connection { guard })
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.guard.0.query(sql).await
    }

    pub async fn close(self) -> Result<(), DbError> {
        let guard = self.guard;
        guard.0.close().await?;
        let _never_dropped = ManuallyDrop::new(guard);
        Ok(())
    }
}

pub async fn demo(db: &Db) -> Result<Vec<String>, DbError> {
    let mut connection = Connection::connect(db).await?;
    let users = connection.query("SELECT * FROM users").await;
    let both = match users {
        Ok(users) => {
            connection.query("SELECT * FROM orders").map_ok(|orders| vec![users, orders]).await
        }
        Err(error) => Err(error),
    };
    let closed = connection.close().await;
    both.and_then(|pages| closed.map(|_| pages))
}
