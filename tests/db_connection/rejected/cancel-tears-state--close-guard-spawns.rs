//! "close has a guard of its own: it lets a task abandon."

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
        let mut guard = Guard(Some(self.session.clone()));
        self.ended = true;
        let closed = self.session.close().await;
        match closed {
            Ok(()) => guard.0 = None,
            Err(_) => guard.0.take().unwrap().abandon(),
        }
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

struct Guard(Option<Session>);

impl Drop for Guard {
    fn drop(&mut self) {
        let Some(session) = self.0.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move { session.abandon() });
            }
            Err(_) => session.abandon(),
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
