//! An enum says what the server may hold; a BEGIN that was refused is known to be none.

use kit::fake::{Db, DbError, Session};

#[derive(Clone, Copy, PartialEq)]
enum Server {
    Free,
    MayBeOpen,
}

pub struct Connection {
    session: Session,
    server: Server,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session(), server: Server::Free };
        connection.session.connect().await?;
        Ok(connection)
    }

    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        if self.server == Server::MayBeOpen {
            self.leave("ROLLBACK").await?;
        }
        self.session.execute(sql).await
    }

    pub async fn begin(&mut self) -> Result<Transaction<'_>, DbError> {
        if self.server == Server::MayBeOpen {
            self.leave("ROLLBACK").await?;
        }
        self.server = Server::MayBeOpen;
        match self.session.execute("BEGIN").await {
            Ok(_) => Ok(Transaction { session: self.session.clone(), server: &mut self.server }),
            Err(error) => {
                self.server = Server::Free;
                Err(error)
            }
        }
    }

    async fn leave(&mut self, sql: &str) -> Result<(), DbError> {
        self.session.execute(sql).await?;
        self.server = Server::Free;
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.session.abandon();
    }
}

pub struct Transaction<'c> {
    session: Session,
    server: &'c mut Server,
}

impl Transaction<'_> {
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.session.execute(sql).await
    }

    pub async fn commit(self) -> Result<(), DbError> {
        self.session.execute("COMMIT").await.map(|_| *self.server = Server::Free)
    }

    pub async fn rollback(self) -> Result<(), DbError> {
        self.session.execute("ROLLBACK").await.map(|_| *self.server = Server::Free)
    }
}
