//! "Take the session out for a query, put it back": a cancel comes between the two.

use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Option<Session>,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: Some(db.session()) };
        connection.session.as_ref().unwrap().connect().await?;
        Ok(connection)
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        let session = self.session.take().ok_or(DbError::OutOfTurn)?;
        let answer = session.query(sql).await;
        self.session = Some(session);
        answer
    }

    pub async fn close(mut self) -> Result<(), DbError> {
        let session = self.session.as_ref().ok_or(DbError::NotOpen)?;
        session.close().await?;
        self.session = None;
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            session.abandon();
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
