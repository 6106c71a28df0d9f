//! The Python body without its `async with`.

use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Session,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let session = db.session();
        session.connect().await?;
        Ok(Connection { session })
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }

    pub async fn close(self) -> Result<(), DbError> {
        self.session.close().await
    }
}

pub async fn demo(db: &Db) -> Result<Vec<String>, DbError> {
    let mut connection = Connection::connect(db).await?;
    let users = connection.query("SELECT * FROM users").await?;
    let orders = connection.query("SELECT * FROM orders").await?;
    connection.close().await?;
    Ok(vec![users, orders])
}
