//! "Ended by a note, so no Drop is needed": the transaction is, the session is not.

use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Session,
    in_doubt: bool,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session(), in_doubt: false };
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
        if self.in_doubt {
            self.end("ROLLBACK").await?;
        }
        Ok(())
    }

    async fn end(&mut self, sql: &str) -> Result<(), DbError> {
        self.session.execute(sql).await?;
        self.in_doubt = false;
        Ok(())
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
