//! What every learner sees: the promise in three tests.

use exercise::db_connection::{Connection, demo};
use kit::fake::{Db, DbError};
use kit::{
    drive, drops_anywhere, drops_quietly, lab, ms, no_tasks_left, paused_runtime, plainly, timed,
};

#[test]
fn a_forgotten_connection_is_abandoned() {
    lab().stuck_means("async-work-in-drop").run_sync(|| {
        let db = Db::new();
        let runtime = paused_runtime();
        let connection = runtime.block_on(Connection::connect(&db)).unwrap();
        db.asked(db.books().opened);
        // This thread is not in the runtime any more: Drop has to do without.
        drops_anywhere(connection);
        db.nothing_handed_on("async-work-in-drop");
        if db.books().open > 0 {
            db.nothing_open(why_left_open());
        }
        db.ended_once("double-close");
        db.ended_as(0, 1, "async-work-in-drop");
    });
}

/// A Drop that ends the session inside of a runtime does so only there.
fn why_left_open() -> &'static str {
    let db = Db::unrecorded();
    drive(&paused_runtime(), async { drops_quietly(Connection::connect(&db).await) });
    match db.books() {
        books if books.open == 0 => "async-work-in-drop",
        books if books.unpolled > 0 => "lazy-never-awaited",
        _ => "close-forgotten",
    }
}

#[test]
fn demo_connects_asks_twice_and_closes() {
    lab().stuck_means("async-work-in-drop").run(async {
        let db = Db::new();
        let (pages, time) = timed(demo(&db)).await;
        plainly().because("session-handed-on", &[]).unless(!db.handed_on());
        no_tasks_left("async-work-in-drop");
        db.asked(db.books().closed);
        db.nothing_open("close-forgotten");
        db.ended_once("double-close");
        plainly().unless_eq(db.books().opened, 1);
        db.ended_as(1, 0, "close-forgotten");

        let answers =
            ["result of SELECT * FROM users", "result of SELECT * FROM orders"].map(str::to_owned);
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
        plainly().because("session-handed-on", &[]).unless(!db.handed_on());
        db.asked(db.books().closed);
        db.nothing_open("close-forgotten");
        db.ended_once("double-close");
        db.ended_as(1, 0, "close-forgotten");
        plainly().unless_eq(pages, Err(DbError::QueryFailed("SELECT * FROM users".to_owned())));
        plainly().unless_eq(time, ms(1_800)); // the second query is not asked
    });
}
