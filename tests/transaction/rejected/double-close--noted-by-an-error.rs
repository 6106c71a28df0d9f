//! "An error is a reason to clean up": also when a COMMIT comes after it.

use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Session,
    in_doubt: bool,
    error: bool,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session(), in_doubt: false, error: false };
        connection.session.connect().await?;
        Ok(connection)
    }

    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.roll_back().await?;
        self.session.execute(sql).await
    }

    pub async fn begin(&mut self) -> Result<Transaction<'_>, DbError> {
        self.roll_back().await?;
        self.in_doubt = true;
        self.session.execute("BEGIN").await?;
        Ok(Transaction { connection: self })
    }

    async fn roll_back(&mut self) -> Result<(), DbError> {
        if self.in_doubt || self.error {
            self.end("ROLLBACK").await?;
            self.error = false;
        }
        Ok(())
    }

    async fn end(&mut self, sql: &str) -> Result<(), DbError> {
        self.session.execute(sql).await?;
        self.in_doubt = false;
        Ok(())
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
        let rows = self.connection.session.execute(sql).await;
        self.connection.error |= rows.is_err();
        rows
    }

    pub async fn commit(self) -> Result<(), DbError> {
        self.connection.end("COMMIT").await
    }

    pub async fn rollback(self) -> Result<(), DbError> {
        self.connection.end("ROLLBACK").await
    }
}
