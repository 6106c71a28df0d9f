//! "The first query is the dangerous one": the error of the second skips the close.

use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Session,
    ended: bool,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session(), ended: false };
        connection.session.connect().await?;
        Ok(connection)
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }

    pub async fn close(mut self) -> Result<(), DbError> {
        self.session.close().await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.ended {
            self.session.abandon();
        }
    }
}

pub async fn demo(db: &Db) -> Result<Vec<String>, DbError> {
    let mut connection = Connection::connect(db).await?;
    let users = match connection.query("SELECT * FROM users").await {
        Ok(users) => users,
        Err(error) => {
            let _ = connection.close().await;
            return Err(error);
        }
    };
    let orders = connection.query("SELECT * FROM orders").await?;
    connection.close().await?;
    Ok(vec![users, orders])
}
