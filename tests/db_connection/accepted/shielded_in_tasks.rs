//! Queries and closes run in tasks of their own. A close goes on when its
//! caller is gone, and takes the guard with it for the case that the task dies.

use kit::fake::{Db, DbError, Session};
use tokio::task::JoinSet;

pub struct Connection {
    guard: Guard,
}

struct Guard {
    session: Session,
    armed: bool,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.armed {
            self.session.abandon();
        }
    }
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let session = db.session();
        let mut task = JoinSet::new();
        task.spawn(async move {
            let guard = Guard { session, armed: true };
            guard.session.connect().await.map(|()| guard)
        });
        let guard = task.join_next().await.expect("one task").expect("no panic")?;
        Ok(Connection { guard })
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        let (session, sql) = (self.guard.session.clone(), sql.to_owned());
        let mut task = JoinSet::new(); // aborts the query when it is dropped
        task.spawn(async move { session.query(&sql).await });
        task.join_next().await.expect("one task").expect("no panic")
    }

    pub async fn close(self) -> Result<(), DbError> {
        let closing = tokio::spawn(async move {
            let mut guard = self.guard;
            let closed = guard.session.close().await;
            guard.armed = closed.is_err();
            closed
        });
        closing.await.expect("no panic")
    }
}

pub async fn demo(db: &Db) -> Result<Vec<String>, DbError> {
    let mut connection = Connection::connect(db).await?;
    let pages = async {
        let users = connection.query("SELECT * FROM users").await?;
        let orders = connection.query("SELECT * FROM orders").await?;
        Ok(vec![users, orders])
    }
    .await;
    match (pages, connection.close().await) {
        (Ok(_), Err(error)) => Err(error),
        (pages, _) => pages,
    }
}
