//! "close takes the session out; the block that closes it has a guard."

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
        self.session.as_ref().unwrap().query(sql).await
    }

    pub fn close(mut self) -> impl Future<Output = Result<(), DbError>> {
        let session = self.session.take().unwrap();
        async move {
            let inner = Connection { session: Some(session) };
            inner.session.as_ref().unwrap().close().await?;
            std::mem::forget(inner);
            Ok(())
        }
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
