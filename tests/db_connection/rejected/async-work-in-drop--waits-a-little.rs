//! "The server needs a moment to notice."

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
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}

pub async fn demo(db: &Db) -> Result<Vec<String>, DbError> {
    let mut connection = Connection::connect(db).await?;
    let pages = ask(&mut connection).await;
    let closed = connection.close().await;
    let pages = pages?;
    closed?;
    Ok(pages)
}

async fn ask(connection: &mut Connection) -> Result<Vec<String>, DbError> {
    let users = connection.query("SELECT * FROM users").await?;
    let orders = connection.query("SELECT * FROM orders").await?;
    Ok(vec![users, orders])
}
