//! A guard of its own holds the undo; the connection itself has no Drop. A
//! helper plays `async with`.

use kit::fake::{Db, DbError, Session};

struct Undo<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Undo<F> {
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl<F: FnOnce()> Drop for Undo<F> {
    fn drop(&mut self) {
        if let Some(undo) = self.0.take() {
            undo();
        }
    }
}

type Abandon = Box<dyn FnOnce() + Send>;

pub struct Connection {
    session: Session,
    undo: Undo<Abandon>,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let session = db.session();
        let given_up = session.clone();
        let undo = Undo(Some(Box::new(move || given_up.abandon()) as Abandon));
        match session.connect().await {
            Ok(()) => Ok(Connection { session, undo }),
            Err(error) => {
                undo.disarm();
                Err(error)
            }
        }
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        self.session.query(sql).await
    }

    pub async fn close(self) -> Result<(), DbError> {
        let Connection { session, undo } = self;
        let closed = session.close().await;
        if closed.is_ok() {
            undo.disarm();
        }
        closed
    }
}

async fn with<T>(
    db: &Db,
    body: impl AsyncFnOnce(&mut Connection) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let mut connection = Connection::connect(db).await?;
    let done = body(&mut connection).await;
    let closed = connection.close().await;
    done.and_then(|value| closed.map(|()| value))
}

pub async fn demo(db: &Db) -> Result<Vec<String>, DbError> {
    with(db, async |c| {
        let users = c.query("SELECT * FROM users").await?;
        Ok(vec![users, c.query("SELECT * FROM orders").await?])
    })
    .await
}
