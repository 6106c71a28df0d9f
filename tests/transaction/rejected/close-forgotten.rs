//! "Who does not commit has not changed anything": but the next statement is in it, too.

use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Session,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session() };
        connection.session.connect().await?;
        Ok(connection)
    }

    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.session.execute(sql).await
    }

    pub async fn begin(&mut self) -> Result<Transaction<'_>, DbError> {
        self.session.execute("BEGIN").await?;
        Ok(Transaction { connection: self })
    }

    async fn end(&mut self, sql: &str) -> Result<(), DbError> {
        self.session.execute(sql).await.map(|_| ())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.session.abandon();
    }
}

pub struct Transaction<'c> {
    connection: &'c mut Connection,
}

impl Transaction<'_> {
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.connection.session.execute(sql).await
    }

    pub async fn commit(self) -> Result<(), DbError> {
        self.connection.end("COMMIT").await
    }

    pub async fn rollback(self) -> Result<(), DbError> {
        self.connection.end("ROLLBACK").await
    }
}
