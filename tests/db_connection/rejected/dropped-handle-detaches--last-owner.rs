//! "Whoever is the last to hold it abandons it": a query that goes on in a task may be it.

use kit::fake::{Db, DbError, Session};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use tokio::task::JoinHandle;

struct Inner {
    session: Session,
    ended: AtomicBool,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if !self.ended.load(SeqCst) {
            self.session.abandon();
        }
    }
}

pub struct Connection {
    inner: Arc<Inner>,
    running: Option<JoinHandle<Result<String, DbError>>>,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let inner = Arc::new(Inner { session: db.session(), ended: AtomicBool::new(false) });
        inner.session.connect().await?;
        Ok(Connection { inner, running: None })
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        if let Some(running) = self.running.as_mut() {
            let _ = running.await;
        }
        let (inner, sql) = (self.inner.clone(), sql.to_owned());
        let running = tokio::spawn(async move { inner.session.query(&sql).await });
        let answer = self.running.insert(running).await;
        self.running = None;
        answer.expect("no panic")
    }

    pub async fn close(mut self) -> Result<(), DbError> {
        if let Some(running) = self.running.as_mut() {
            let _ = running.await;
        }
        self.inner.session.close().await?;
        self.inner.ended.store(true, SeqCst);
        Ok(())
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
