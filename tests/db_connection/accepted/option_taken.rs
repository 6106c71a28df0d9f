//! An Option instead of a flag: `close` empties it when the answer is here.

use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Option<Session>,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: Some(db.session()) };
        connection.raw()?.connect().await?;
        Ok(connection)
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.raw()?.query(sql).await
    }

    pub async fn close(mut self) -> Result<(), DbError> {
        self.raw()?.close().await?;
        self.session.take();
        Ok(())
    }

    fn raw(&self) -> Result<&Session, DbError> {
        self.session.as_ref().ok_or(DbError::NotOpen)
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
    let mut pages = Vec::new();
    for table in ["users", "orders"] {
        match connection.query(&format!("SELECT * FROM {table}")).await {
            Ok(page) => pages.push(page),
            Err(error) => {
                let _ = connection.close().await;
                return Err(error);
            }
        }
    }
    connection.close().await?;
    Ok(pages)
}
