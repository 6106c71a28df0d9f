//! "A task rolls it back": which needs a runtime, and comes when it comes.

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
        let transaction = Transaction { connection: self, open: true };
        transaction.connection.session.execute("BEGIN").await?;
        Ok(transaction)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.session.abandon();
    }
}

pub struct Transaction<'c> {
    connection: &'c mut Connection,
    open: bool,
}

impl Transaction<'_> {
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.connection.session.execute(sql).await
    }

    pub async fn commit(mut self) -> Result<(), DbError> {
        self.connection.session.execute("COMMIT").await?;
        self.open = false;
        Ok(())
    }

    pub async fn rollback(mut self) -> Result<(), DbError> {
        self.connection.session.execute("ROLLBACK").await?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            let session = self.connection.session.clone();
            tokio::spawn(async move { session.execute("ROLLBACK").await });
        }
    }
}
