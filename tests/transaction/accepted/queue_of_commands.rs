//! What is to be sent first stands in a queue. A command leaves it when it was answered.

use std::collections::VecDeque;

use kit::fake::{Db, DbError, Session};

pub struct Connection {
    session: Session,
    first: VecDeque<&'static str>,
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let connection = Connection { session: db.session(), first: VecDeque::new() };
        connection.session.connect().await?;
        Ok(connection)
    }

    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.catch_up().await?;
        self.session.execute(sql).await
    }

    pub async fn begin(&mut self) -> Result<Transaction<'_>, DbError> {
        self.catch_up().await?;
        self.first.push_back("ROLLBACK");
        self.session.execute("BEGIN").await?;
        Ok(Transaction { connection: self })
    }

    async fn catch_up(&mut self) -> Result<(), DbError> {
        while let Some(sql) = self.first.front() {
            self.session.execute(sql).await?;
            self.first.pop_front();
        }
        Ok(())
    }

    async fn end(&mut self, sql: &str) -> Result<(), DbError> {
        self.session.execute(sql).await?;
        self.first.clear();
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
        self.connection.session.execute(sql).await
    }

    pub async fn commit(self) -> Result<(), DbError> {
        self.connection.end("COMMIT").await
    }

    pub async fn rollback(self) -> Result<(), DbError> {
        self.connection.end("ROLLBACK").await
    }
}
