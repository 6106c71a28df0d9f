//! "A task of the connection cleans up when its channel closes."

use kit::fake::{Db, DbError, Session};
use tokio::sync::oneshot;

pub struct Connection {
    session: Session,
    alive: Option<oneshot::Sender<()>>,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let session = db.session();
        let (alive, gone) = oneshot::channel::<()>();
        let janitors = session.clone();
        tokio::spawn(async move {
            if gone.await.is_err() {
                janitors.abandon();
            }
        });
        let connection = Connection { session, alive: Some(alive) };
        connection.session.connect().await?;
        Ok(connection)
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }

    pub async fn close(mut self) -> Result<(), DbError> {
        self.session.close().await?;
        if let Some(alive) = self.alive.take() {
            let _ = alive.send(());
        }
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
