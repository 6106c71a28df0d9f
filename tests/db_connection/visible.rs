//! What every learner sees: the promise in two tests.

use exercise::db_connection::demo;
use kit::fake::{Db, DbError};
use kit::{lab, ms, no_tasks_left, plainly, timed};

#[test]
fn demo_connects_asks_twice_and_closes() {
    lab().stuck_means("async-work-in-drop").run(async {
        let db = Db::new();
        let (pages, time) = timed(demo(&db)).await;
        no_tasks_left("async-work-in-drop");
        db.nothing_handed_on("async-work-in-drop");
        db.nothing_open("close-forgotten");
        db.ended_once("double-close");
        db.ended_as(1, 0, "close-forgotten");

        let answers =
            ["SELECT * FROM users", "SELECT * FROM orders"].map(|q| format!("result of {q}"));
        plainly().unless_eq(pages, Ok(answers.to_vec()));
        plainly().unless_eq(
            db.log().timed().lines().collect::<Vec<_>>(),
            [
                "t=     0 connecting",
                "t=   500 connected",
                "t=   500 query SELECT * FROM users",
                "t=  1500 query SELECT * FROM orders",
                "t=  2500 closing",
                "t=  2800 closed",
            ],
        );
        plainly().unless_eq(time, ms(2_800));
    });
}

#[test]
fn a_failing_query_still_leads_to_a_close() {
    lab().stuck_means("async-work-in-drop").run(async {
        let db = Db::new();
        db.fail_query("SELECT * FROM users");
        let (pages, time) = timed(demo(&db)).await;
        db.nothing_handed_on("async-work-in-drop");
        db.nothing_open("close-forgotten");
        db.ended_once("double-close");
        db.ended_as(1, 0, "close-forgotten");
        plainly().unless_eq(pages, Err(DbError::QueryFailed("SELECT * FROM users".to_owned())));
        plainly().unless_eq(time, ms(1_800)); // the second query is not asked
    });
}
