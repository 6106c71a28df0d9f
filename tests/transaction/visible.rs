//! What every learner sees: a transaction that is kept, and one that is dropped.

use exercise::transaction::{Connection, Transaction};
use kit::fake::{Db, DbError};
use kit::{Lab, alive_tasks, blame, drops_anywhere, lab, no_tasks_left, plainly, start_over};

#[test]
fn a_commit_keeps_what_was_changed() {
    watched().run(async {
        cleans_up().await;
        let db = Db::new();
        let mut connection = connected(&db).await;
        let mut transaction = connection.begin().await.unwrap();
        plainly().unless_eq(transaction.execute("take 5 from Ann").await, Ok(1));
        plainly().unless_eq(transaction.execute("give 5 to Bob").await, Ok(1));
        plainly().unless_eq(db.rows(), [""; 0]);
        let told = committed(transaction).await;
        no_tasks_left("dropped-handle-detaches");
        db.asked(db.rows().len());
        plainly().unless_eq(told, Ok(()));
        plainly().unless_eq(connection.execute("note it").await, Ok(1));
        said(&db, "COMMIT", 1, "close-forgotten");
        // Nothing was left to clean up.
        said(&db, "ROLLBACK", 0, "double-close");
        plainly().unless_eq(
            db.log().timed().lines().collect::<Vec<_>>(),
            [
                "t=     0 connecting",
                "t=   500 connected",
                "t=   500 BEGIN",
                "t=  1500 take 5 from Ann",
                "t=  2500 give 5 to Bob",
                "t=  3500 COMMIT",
                "t=  4500 note it",
            ],
        );
        plainly().unless_eq(db.rows(), ["take 5 from Ann", "give 5 to Bob", "note it"]);
    });
}

#[test]
fn a_dropped_transaction_is_undone_before_the_next_statement() {
    watched().run(async {
        cleans_up().await;
        let db = Db::new();
        let mut connection = connected(&db).await;
        let mut transaction = connection.begin().await.unwrap();
        plainly().unless_eq(transaction.execute("take 5 from Ann").await, Ok(1));
        dropped(&db, transaction);
        plainly().unless_eq(connection.execute("note it").await, Ok(1));
        plainly()
            .unless_eq(&db.log().lines()[2..], ["BEGIN", "take 5 from Ann", "ROLLBACK", "note it"]);
        plainly().unless_eq(db.rows(), ["note it"]);
    });
}

/// All tests: a thread that stands still for good does so in a Drop.
pub fn watched() -> Lab {
    lab().stuck_means("async-work-in-drop")
}

pub async fn connected(db: &Db) -> Connection {
    Connection::connect(db).await.unwrap()
}

/// What every test asks first: after a transaction that was dropped, the connection is
/// as good as new. Otherwise that would look like a mistake of what the test is about.
pub async fn cleans_up() {
    let db = Db::unrecorded();
    let mut connection = connected(&db).await;
    // Nothing was there before that could have been left open.
    let noted = connection.execute("note it").await;
    let mut transaction = connection.begin().await.unwrap();
    db.asked(db.transactions());
    plainly().unless_eq(noted, Ok(1));
    plainly().unless_eq(sent(&db), ["note it", "BEGIN"]);
    let _ = transaction.execute("take 5 from Ann").await;
    plainly().because("not-in-transaction", &[]).unless(db.transactions() == 1);
    dropped(&db, transaction);
    free(&db, &mut connection, "close-forgotten").await;
    // What comes next may also be another transaction.
    dropped(&db, connection.begin().await.unwrap());
    let next = connection.begin().await;
    blame("close-forgotten").because("transaction-left-open", &[]).unless(next.is_ok());
    drop(next);
    free(&db, &mut connection, "close-forgotten").await;
    said(&db, "ROLLBACK", 3, "double-close");
    start_over();
}

/// The transaction goes away with this future, even if the answer's `commit` only borrows
/// it. That it could then be used after that is for another test to say.
#[allow(unused_mut)]
pub async fn committed(mut transaction: Transaction<'_>) -> Result<(), DbError> {
    transaction.commit().await
}

/// The same for `rollback`.
#[allow(unused_mut)]
pub async fn undone(mut transaction: Transaction<'_>) -> Result<(), DbError> {
    transaction.rollback().await
}

/// Drops a transaction, and looks at once.
pub fn dropped(db: &Db, transaction: Transaction<'_>) {
    let tasks = || tokio::runtime::Handle::try_current().map_or(0, |_| alive_tasks());
    let (sent, before, handles) = (db.statements().len(), tasks(), db.handles());
    drops_anywhere(transaction);
    let count = tasks();
    blame("async-work-in-drop")
        .because("tasks-alive", &[("count", &count), ("expected", &before)])
        .unless(count <= before);
    blame("async-work-in-drop").because("session-handed-on", &[]).unless(db.handles() <= handles);
    // Sent and answered, in no time at all: something blocked the thread for it.
    blame("async-work-in-drop").because("sent-in-drop", &[]).unless(db.statements().len() == sent);
}

/// The next statement is part of no transaction, and counts for good.
pub async fn free(db: &Db, connection: &mut Connection, pitfall: &str) {
    let done = connection.execute("note it").await;
    let open = db.transactions();
    db.asked(usize::from(open == 0));
    blame(pitfall).because("transaction-left-open", &[]).unless(open == 0);
    plainly().unless_eq(done, Ok(1));
    let last = db.rows().last().cloned();
    plainly().unless_eq(last.as_deref(), Some("note it"));
    plainly().unless_eq(db.books().misused, 0);
}

/// All statements so far, in order.
pub fn sent(db: &Db) -> Vec<String> {
    db.statements().into_iter().map(|(_, sql)| sql).collect()
}

/// This statement was sent so many times.
pub fn said(db: &Db, sql: &str, times: usize, pitfall: &str) {
    let count = db.statements().iter().filter(|(_, sent)| sent == sql).count();
    blame(pitfall)
        .because("sent-times", &[("sql", &sql), ("count", &count), ("expected", &times)])
        .unless(count == times);
}
