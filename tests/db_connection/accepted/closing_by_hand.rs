//! Futures written by hand, shared state in an Rc (the connection stays on its
//! thread), and a guard that is forgotten instead of disarmed.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use futures::future::LocalBoxFuture;
use kit::fake::{Db, DbError, Session};

struct Shared {
    session: Session,
    queries: RefCell<usize>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.session.abandon();
    }
}

pub struct Connection(Rc<Shared>);

struct Closing {
    connection: Option<Connection>,
    close: Option<LocalBoxFuture<'static, Result<(), DbError>>>,
}

impl Future for Closing {
    type Output = Result<(), DbError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let session = self.connection.as_ref().expect("polled after Ready").0.session.clone();
        let close =
            self.close.get_or_insert_with(|| Box::pin(async move { session.close().await }));
        let closed = ready!(close.as_mut().poll(cx));
        let connection = self.connection.take();
        if closed.is_ok() {
            std::mem::forget(connection);
        }
        Poll::Ready(closed)
    }
}

impl Connection {
    pub async fn connect(db: &Db) -> Result<Self, DbError> {
        let shared = Shared { session: db.session(), queries: RefCell::new(0) };
        let connection = Connection(Rc::new(shared));
        connection.0.session.connect().await.map(|()| connection)
    }

    pub async fn query(&mut self, sql: &str) -> Result<String, DbError> {
        *self.0.queries.borrow_mut() += 1;
        self.0.session.query(sql).await
    }

    pub fn close(self) -> impl Future<Output = Result<(), DbError>> {
        Closing { connection: Some(self), close: None }
    }
}

pub fn demo(db: &Db) -> LocalBoxFuture<'_, Result<Vec<String>, DbError>> {
    Box::pin(async move {
        let mut connection = Connection::connect(db).await?;
        let mut pages = Ok(Vec::new());
        for sql in ["SELECT * FROM users", "SELECT * FROM orders"] {
            match (connection.query(sql).await, &mut pages) {
                (Ok(page), Ok(pages)) => pages.push(page),
                (Err(error), _) => {
                    pages = Err(error);
                    break;
                }
                _ => unreachable!(),
            }
        }
        let closed = connection.close().await;
        pages.and_then(|pages| closed.and(Ok(pages)))
    })
}
