//! The rest of the contract: what is left behind at any await, and what an error means.

use std::panic::AssertUnwindSafe;

use exercise::transaction::Connection;
use futures::FutureExt;
use kit::fake::{Db, DbError};
use kit::{
    blame, drive, drops_anywhere, in_time, ms, no_tasks_left, paused_runtime, plainly, secs,
    start_over, sweep, timed,
};

use crate::visible::{cleans_up, committed, connected, dropped, free, said, sent, undone, watched};

fn failed(sql: &str) -> DbError {
    DbError::QueryFailed(sql.to_owned())
}

/// A whole transaction.
async fn pay(connection: &mut Connection) -> Result<(), DbError> {
    let mut transaction = connection.begin().await?;
    transaction.execute("take 5 from Ann").await?;
    transaction.execute("give 5 to Bob").await?;
    committed(transaction).await
}

#[test]
fn dropped_at_any_await_it_leaves_no_transaction() {
    watched().run(async {
        cleans_up().await;
        for bad in ["nothing", "COMMIT"] {
            sweep(async |cut| {
                let db = Db::new();
                db.fail_query(bad);
                let mut connection = connected(&db).await;
                let paid = cut.run(pay(&mut connection).boxed_local()).await;
                let sent = db.statements();
                let pitfall = match sent.last().map(|(_, sql)| sql.as_str()) {
                    None => "eager-before-poll",
                    Some("BEGIN") => "cancelled-begin-leaks-tx",
                    Some("COMMIT") => "cancel-tears-state",
                    Some(_) => "close-forgotten",
                };
                no_tasks_left("dropped-handle-detaches");
                free(&db, &mut connection, pitfall).await;
                let commits = sent.iter().any(|(_, sql)| sql == "COMMIT") && bad != "COMMIT";
                let wanted: &[&str] = match commits {
                    true => &["take 5 from Ann", "give 5 to Bob", "note it"],
                    false => &["note it"],
                };
                plainly().unless_eq(db.rows(), wanted);
                if let (Some(paid), "nothing") = (paid, bad) {
                    plainly().unless_eq(paid, Ok(()));
                    said(&db, "ROLLBACK", 0, "double-close");
                }
            })
            .await;
        }
    });
}

#[test]
fn a_rollback_undoes_it_once() {
    watched().run(async {
        cleans_up().await;
        let db = Db::new();
        let mut connection = connected(&db).await;
        let mut transaction = connection.begin().await.unwrap();
        plainly().unless_eq(transaction.execute("take 5 from Ann").await, Ok(1));
        let told = undone(transaction).await;
        no_tasks_left("dropped-handle-detaches");
        free(&db, &mut connection, "close-forgotten").await;
        plainly().unless_eq(told, Ok(()));
        said(&db, "ROLLBACK", 1, "double-close");
        plainly().unless_eq(db.rows(), ["note it"]);

        // Dropped half-way, it may or may not have been heard: so it is said again.
        sweep(async |cut| {
            let db = Db::new();
            let mut connection = connected(&db).await;
            let transaction = connection.begin().await.unwrap();
            let told = cut.run(undone(transaction).boxed_local()).await;
            let asked = sent(&db).len() - 1;
            free(&db, &mut connection, "cancel-tears-state").await;
            let again = usize::from(told.is_none());
            said(&db, "ROLLBACK", asked + again, "cancel-tears-state");
        })
        .await;
    });
}

#[test]
fn a_commit_that_fails_is_told_and_undone() {
    watched().run(async {
        cleans_up().await;
        let db = Db::new();
        db.fail_query("COMMIT");
        let mut connection = connected(&db).await;
        let (paid, time) = timed(pay(&mut connection)).await;
        no_tasks_left("dropped-handle-detaches");
        // Still open. That it ends is for the next statement to see to.
        plainly().unless_eq(sent(&db), ["BEGIN", "take 5 from Ann", "give 5 to Bob", "COMMIT"]);
        plainly().unless_eq((db.transactions(), time), (1, secs(4)));
        free(&db, &mut connection, "cancel-tears-state").await;
        plainly().unless_eq(paid, Err(failed("COMMIT")));
        said(&db, "ROLLBACK", 1, "double-close");
        plainly().unless_eq(db.rows(), ["note it"]);
    });
}

#[test]
fn a_rollback_that_fails_lets_nothing_through() {
    watched().run(async {
        cleans_up().await;
        let db = Db::new();
        db.fail_query("ROLLBACK");
        let mut connection = connected(&db).await;
        let transaction = connection.begin().await.unwrap();
        dropped(&db, transaction);
        for _ in 0..2 {
            let noted = connection.execute("note it").await;
            blame("cancel-tears-state")
                .because("transaction-left-open", &[])
                .unless(noted.is_err());
            plainly().unless_eq(noted, Err(failed("ROLLBACK")));
            let begun = connection.begin().await.err();
            said(&db, "BEGIN", 1, "cancel-tears-state");
            plainly().unless_eq(begun, Some(failed("ROLLBACK")));
        }
        said(&db, "note it", 0, "cancel-tears-state");
        // Each of the four has sent one.
        said(&db, "ROLLBACK", 4, "double-close");

        let db = Db::new();
        db.fail_query("ROLLBACK");
        let mut connection = connected(&db).await;
        let transaction = connection.begin().await.unwrap();
        plainly().unless_eq(undone(transaction).await, Err(failed("ROLLBACK")));
        nothing_gets_through(&mut connection).await;

        // Whoever was dropped before the answer has not heard that it has failed.
        for by in ["rollback", "execute", "begin"] {
            sweep(async |cut| {
                let db = Db::new();
                db.fail_query("ROLLBACK");
                let mut connection = connected(&db).await;
                let transaction = connection.begin().await.unwrap();
                if by == "rollback" {
                    cut.run(undone(transaction).boxed_local()).await;
                } else {
                    dropped(&db, transaction);
                    let next = async {
                        match by {
                            "begin" => drop(connection.begin().await),
                            _ => drop(connection.execute("note it").await),
                        }
                    };
                    cut.run(next.boxed_local()).await;
                }
                nothing_gets_through(&mut connection).await;
            })
            .await;
        }
    });
}

/// A transaction is open on the server, and cannot be ended.
async fn nothing_gets_through(connection: &mut Connection) {
    let noted = connection.execute("note it").await;
    blame("cancel-tears-state").because("transaction-left-open", &[]).unless(noted.is_err());
}

#[test]
fn an_error_inside_leaves_the_transaction_open() {
    watched().run(async {
        cleans_up().await;
        let db = Db::new();
        db.fail_query("tak 5");
        let mut connection = connected(&db).await;
        let mut transaction = connection.begin().await.unwrap();
        plainly().unless_eq(transaction.execute("tak 5").await, Err(failed("tak 5")));
        plainly().unless_eq(transaction.execute("take 5 from Ann").await, Ok(1));
        plainly().unless_eq(committed(transaction).await, Ok(()));
        free(&db, &mut connection, "close-forgotten").await;
        said(&db, "ROLLBACK", 0, "double-close");
        plainly().unless_eq(db.rows(), ["take 5 from Ann", "note it"]);
    });
}

#[test]
fn a_begin_that_fails_leaves_no_transaction() {
    watched().run(async {
        cleans_up().await;
        let db = Db::new();
        db.fail_query("BEGIN");
        let mut connection = connected(&db).await;
        plainly().unless_eq(connection.begin().await.err(), Some(failed("BEGIN")));
        free(&db, &mut connection, "close-forgotten").await;
        plainly().unless_eq(db.rows(), ["note it"]);
    });
}

#[test]
fn a_panic_in_the_middle_is_undone() {
    watched().run(async {
        cleans_up().await;
        let db = Db::new();
        let mut connection = connected(&db).await;
        let body = async {
            let mut transaction = connection.begin().await.unwrap();
            let _ = transaction.execute("take 5 from Ann").await;
            panic!("in the middle");
        };
        let ended: Result<(), _> = AssertUnwindSafe(body.boxed_local()).catch_unwind().await;
        plainly().unless(ended.is_err());
        no_tasks_left("async-work-in-drop");
        free(&db, &mut connection, "close-forgotten").await;
        plainly().unless_eq(db.rows(), ["note it"]);
    });
}

#[test]
fn a_drop_needs_no_runtime() {
    watched().run_sync(|| {
        let runtime = paused_runtime();
        drive(&runtime, cleans_up());
        start_over();
        let db = Db::new();
        let mut connection = drive(&runtime, connected(&db));
        let transaction = drive(&runtime, connection.begin()).unwrap();
        // A runtime exists, but this thread is not in it.
        dropped(&db, transaction);
        drive(&runtime, free(&db, &mut connection, "async-work-in-drop"));
        gone(&db, connection);
    });
}

#[test]
fn the_next_transaction_begins_anew() {
    watched().run(async {
        cleans_up().await;
        let db = Db::new();
        let mut connection = connected(&db).await;
        let mut first = connection.begin().await.unwrap();
        plainly().unless_eq(first.execute("take 5 from Ann").await, Ok(1));
        dropped(&db, first);
        plainly().unless_eq(pay(&mut connection).await, Ok(()));
        plainly().unless_eq(pay(&mut connection).await, Ok(()));
        said(&db, "ROLLBACK", 1, "double-close");
        free(&db, &mut connection, "close-forgotten").await;
        plainly().unless_eq(db.rows().len(), 5);

        // What was cleaned up is clean, also if the statement after it has failed, or
        // was dropped before its answer came.
        start_over();
        let db = Db::new();
        db.fail_query("tak 5");
        let mut connection = connected(&db).await;
        for (sql, time) in [("tak 5", secs(5)), ("take 5 from Ann", ms(1_500))] {
            dropped(&db, connection.begin().await.unwrap());
            let _ = in_time(time, connection.execute(sql)).await;
            free(&db, &mut connection, "close-forgotten").await;
        }
        said(&db, "ROLLBACK", 2, "double-close");
        dropped(&db, connection.begin().await.unwrap());
        gone(&db, connection);
    });
}

/// Dropped, a connection has ended its session there and then.
fn gone(db: &Db, connection: Connection) {
    drops_anywhere(connection);
    db.nothing_handed_on("async-work-in-drop");
    db.nothing_open("close-forgotten");
}
