//! "After an error the server has thrown us out": so Drop does nothing, and close tries all the same.

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
        let answer = self.session.query(sql).await;
        if answer.is_err() {
            self.ended = true; // nothing left for Drop to do
        }
        answer
    }

    pub async fn close(mut self) -> Result<(), DbError> {
        self.ended = false;
        let closed = self.session.close().await;
        self.ended = closed.is_ok();
        closed
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
