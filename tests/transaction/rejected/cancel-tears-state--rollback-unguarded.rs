//! "Who rolls back needs no guard": until that was answered, they do.

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
        let transaction = Transaction { connection: self, open: true };
        transaction.connection.session.execute("BEGIN").await?;
        Ok(transaction)
    }

    async fn roll_back(&mut self) -> Result<(), DbError> {
        if self.in_doubt {
            self.session.execute("ROLLBACK").await?;
            self.in_doubt = false;
        }
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
        self.open = false;
        let undone = self.connection.session.execute("ROLLBACK").await;
        self.open = undone.is_err();
        undone.map(|_| ())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            self.connection.in_doubt = true;
        }
    }
}
