//! A query goes on in a task when its caller is gone; a close waits for it, a drop aborts it.

use kit::fake::{Db, DbError, Session};
use tokio::task::JoinHandle;

pub struct Connection {
    session: Session,
    ended: bool,
    running: Option<JoinHandle<Result<String, DbError>>>,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session(), ended: false, running: None };
        connection.session.connect().await?;
        Ok(connection)
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        if let Some(running) = self.running.as_mut() {
            let _ = running.await;
        }
        let (session, sql) = (self.session.clone(), sql.to_owned());
        let running = tokio::spawn(async move { session.query(&sql).await });
        let answer = self.running.insert(running).await;
        self.running = None;
        answer.expect("no panic")
    }

    pub async fn close(mut self) -> Result<(), DbError> {
        if let Some(running) = self.running.as_mut() {
            let _ = running.await;
        }
        self.session.close().await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.abort();
        }
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
