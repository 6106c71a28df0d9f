//! A task of the connection does what it is told over a channel. Drop aborts it,
//! and abandons the session itself.

use kit::fake::{Db, DbError, Session};
use tokio::sync::{mpsc, oneshot};

enum Ask {
    Query(String, oneshot::Sender<Result<String, DbError>>),
    Close(oneshot::Sender<Result<(), DbError>>),
}

async fn serve(session: Session, mut asks: mpsc::Receiver<Ask>) {
    while let Some(ask) = asks.recv().await {
        match ask {
            Ask::Query(sql, reply) => {
                let _ = reply.send(session.query(&sql).await);
            }
            Ask::Close(reply) => {
                let _ = reply.send(session.close().await);
                return;
            }
        }
    }
}

pub struct Connection {
    session: Session,
    ended: bool,
    asks: Option<mpsc::Sender<Ask>>,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let mut connection =
            Connection { session: db.session(), ended: false, asks: None, task: None };
        connection.session.connect().await?;
        let (tx, rx) = mpsc::channel(1);
        connection.asks = Some(tx);
        connection.task = Some(tokio::spawn(serve(connection.session.clone(), rx)));
        Ok(connection)
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        let (tx, rx) = oneshot::channel();
        let asks = self.asks.as_ref().ok_or(DbError::NotOpen)?;
        asks.send(Ask::Query(sql.to_owned(), tx)).await.map_err(|_| DbError::NotOpen)?;
        rx.await.map_err(|_| DbError::NotOpen)?
    }

    pub async fn close(mut self) -> Result<(), DbError> {
        let (tx, rx) = oneshot::channel();
        let asks = self.asks.as_ref().ok_or(DbError::NotOpen)?;
        asks.send(Ask::Close(tx)).await.map_err(|_| DbError::NotOpen)?;
        rx.await.map_err(|_| DbError::NotOpen)??;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
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
