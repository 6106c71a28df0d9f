//! The rest of the contract: every session ends, once, on every way out.

use std::cell::RefCell;
use std::future::pending;
use std::mem::ManuallyDrop;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use exercise::db_connection::{Connection, demo};
use futures::FutureExt;
use kit::fake::{Db, DbError};
use kit::{
    Lab, alive_tasks, blame, drive, drops_anywhere, drops_quietly, elsewhere, falls_asleep,
    in_time, lab, ms, no_tasks_left, paused_runtime, plainly, secs, sweep, timed, took,
};
use tokio::task::yield_now;
use tokio::time::sleep;

/// All tests: a thread that stands still for good does so in a Drop.
fn guarded() -> Lab {
    lab().stuck_means("async-work-in-drop")
}

async fn connected(db: &Db) -> Connection {
    let connection = Connection::connect(db).await.unwrap();
    // A connect that asked nobody: what follows is not the fault of Drop.
    db.asked(db.books().opened);
    connection
}

/// The connection goes away with this future, even if the answer's `close` only
/// borrows it. That such a `close` can be called twice is for another test to say.
#[allow(unused_mut)]
async fn closed(mut connection: Connection) -> Result<(), DbError> {
    connection.close().await
}

/// A close that is called, and never polled.
#[allow(unused_mut)]
fn never_closed(mut connection: Connection) {
    drop(connection.close());
}

/// Time for whatever an answer has left to a task of its own.
async fn settle() {
    sleep(secs(5)).await;
}

/// A task that was aborted needs a turn to go.
async fn turn() {
    sleep(ms(1)).await;
}

fn failed(sql: &str) -> DbError {
    DbError::QueryFailed(sql.to_owned())
}

/// Drops the only connection of `db` and looks at once.
fn dropped(db: &Db, connection: Connection, left_open: &str) {
    drops_anywhere(connection);
    db.nothing_handed_on("async-work-in-drop");
    let unpolled = db.books().open > 0 && db.books().unpolled > 0;
    blame("lazy-never-awaited").because("call-unpolled", &[]).unless(!unpolled);
    db.nothing_open(left_open);
    db.ended_once("double-close");
    // Closed in order, in no time at all: something blocked the thread for it.
    db.ended_as(0, 1, "async-work-in-drop");
}

/// The same inside a runtime: no task is begun, and those of the connection go.
async fn dropped_inside(db: &Db, connection: Connection) {
    let before = alive_tasks();
    dropped(db, connection, "close-forgotten");
    let count = alive_tasks();
    blame("async-work-in-drop")
        .because("tasks-alive", &[("count", &count), ("expected", &before)])
        .unless(count <= before);
    turn().await;
    no_tasks_left("async-work-in-drop");
}

/// What each test asks first, so that an answer whose Drop does not work is
/// told so, and not that its sweep or its close went wrong.
async fn drop_works() {
    let db = Db::unrecorded();
    // Kept from unwinding: a Drop that panics would end the whole process.
    let connection = ManuallyDrop::new(connected(&db).await);
    // Async work in Drop may wait for ever inside a runtime; where there is
    // none it fails or is done at once. So first there, on another thread.
    let outside = Db::unrecorded();
    let its = outside.clone();
    let drops = elsewhere(move || drops_quietly(drive(&paused_runtime(), connected(&its))));
    let quiet = drops.join().unwrap_or(true);
    blame("async-work-in-drop").because("drop-panicked", &[]).unless(quiet);
    if outside.books().closed > 0 {
        outside.ended_as(0, 1, "async-work-in-drop");
    }
    dropped_inside(&db, ManuallyDrop::into_inner(connection)).await;
    // Here it does what it should. So it was for want of a runtime.
    outside.nothing_open("async-work-in-drop");
    // Who leaves it to another thread may be lucky once, and not each time. Who
    // waits for that thread, or for anything, goes to sleep, and not just once.
    let mut asleep = 0;
    for _ in 0..20 {
        let connection = connected(&db).await;
        asleep += usize::from(falls_asleep(|| drop(connection)));
        db.nothing_handed_on("async-work-in-drop");
    }
    blame("async-work-in-drop").because("drop-waited", &[("count", &asleep)]).unless(asleep < 5);
}

/// The same for a close: who asks nobody leaves it open without any cancel.
async fn close_works() {
    let db = Db::unrecorded();
    let _ = closed(connected(&db).await).await;
    db.asked(db.books().closed);
}

/// Looks when a close or the whole demo has returned: then it is over.
fn over(db: &Db, closed: usize, abandoned: usize, pitfall: &str) {
    no_tasks_left("dropped-handle-detaches");
    db.nothing_open(pitfall);
    db.ended_once("double-close");
    db.ended_as(closed, abandoned, pitfall);
}

#[test]
fn a_drop_abandons_the_session_at_once() {
    guarded().run(async {
        drop_works().await;
        let db = Db::new();
        let mut connection = connected(&db).await;
        let answer = connection.query("SELECT 1").await;
        plainly().unless_eq(answer.as_deref(), Ok("result of SELECT 1"));
        dropped_inside(&db, connection).await;
    });
}

#[test]
fn a_drop_needs_no_runtime() {
    guarded().run_sync(|| {
        let runtime = paused_runtime();
        drive(&runtime, drop_works());
        let [before, after] = [Db::new(), Db::new()];
        // A runtime exists, but this thread is not in it.
        let connection = drive(&runtime, connected(&before));
        dropped(&before, connection, "async-work-in-drop");
        // And now there is none.
        let connection = drive(&runtime, connected(&after));
        drop(runtime);
        dropped(&after, connection, "async-work-in-drop");
    });
}

type Last = Box<dyn FnOnce()>;

// What is to be done waits here: so it need not be Send, as the task has to be.
thread_local!(static LAST: RefCell<Option<Last>> = const { RefCell::new(None) });

/// Does it when the runtime drops the task that owns this.
struct AtShutdown;
impl Drop for AtShutdown {
    fn drop(&mut self) {
        if let Some(last) = LAST.take() {
            last();
        }
    }
}

/// Leaves this to be done by the runtime when it shuts down.
async fn at_shutdown(last: Last) {
    LAST.set(Some(last));
    let last = AtShutdown;
    tokio::spawn(async move {
        let _last = last;
        pending::<()>().await;
    });
    yield_now().await;
}

#[test]
fn a_runtime_that_shuts_down_leaves_no_session() {
    guarded().run_sync(|| {
        let runtime = paused_runtime();
        let db = Db::new();
        drive(&runtime, async {
            drop_works().await;
            close_works().await;
            let (its, connection) = (db.clone(), connected(&db).await);
            at_shutdown(Box::new(move || dropped(&its, connection, "async-work-in-drop"))).await;
        });
        drop(runtime);
        db.nothing_open("async-work-in-drop");

        // In the middle of connect, of a query, of close.
        for (moment, pitfall) in [
            (ms(200), "cancelled-begin-leaks-tx"),
            (ms(700), "cancel-tears-state"),
            (ms(1_700), "cancel-tears-state"),
        ] {
            shut_down_at(moment, pitfall);
        }
    });
}

fn shut_down_at(moment: Duration, pitfall: &str) {
    let db = Db::new();
    let its = db.clone();
    let runtime = paused_runtime();
    drive(&runtime, async {
        let mut work = Box::pin(async move {
            let mut connection = connected(&its).await;
            let _ = connection.query("SELECT 1").await;
            let _ = closed(connection).await;
        });
        in_time(moment, work.as_mut()).await;
        at_shutdown(Box::new(move || drop(work))).await;
    });
    drop(runtime);
    db.nothing_open(pitfall);
    db.ended_once("double-close");
    db.ended_as(0, 1, "close-forgotten");
}

#[test]
fn a_panic_in_the_middle_abandons_the_session() {
    guarded().run(async {
        drop_works().await;
        let db = Db::new();
        let body = async {
            let mut connection = connected(&db).await;
            let _ = connection.query("SELECT 1").await;
            panic!("in the middle");
        };
        let ended: Result<(), _> = AssertUnwindSafe(body).catch_unwind().await;
        blame("close-forgotten").because("after-panic", &[]).unless(db.books().open == 0);
        db.ended_once("double-close");
        db.ended_as(0, 1, "close-forgotten");
        plainly().unless(ended.is_err());
    });
}

#[test]
fn a_connect_dropped_half_way_leaves_no_session() {
    guarded().run(async {
        drop_works().await;
        sweep(async |cut| {
            let db = Db::new();
            let connection = cut.run(Connection::connect(&db)).await;
            settle().await;
            if cut.polls() == 0 {
                blame("eager-before-poll").unless_eq(db.books().opened, 0);
            }
            match connection {
                Some(connection) => {
                    plainly().unless_eq(closed(connection.unwrap()).await, Ok(()));
                    over(&db, 1, 0, "close-forgotten");
                }
                None => {
                    db.nothing_open("cancelled-begin-leaks-tx");
                    db.ended_once("double-close");
                }
            }
        })
        .await;
    });
}

#[test]
fn a_query_dropped_half_way_harms_neither_drop_nor_close() {
    guarded().run(async {
        drop_works().await;
        sweep(async |cut| {
            let db = Db::new();
            let mut connection = connected(&db).await;
            cut.run(connection.query("SELECT 1")).await;
            settle().await;
            drop(connection);
            turn().await;
            over(&db, 0, 1, "cancel-tears-state");
        })
        .await;
        sweep(async |cut| {
            let db = Db::new();
            let mut connection = connected(&db).await;
            cut.run(connection.query("SELECT 1")).await;
            // At once: a query that goes on in a task must not keep it open.
            drop(connection);
            db.nothing_handed_on("dropped-handle-detaches");
            db.nothing_open("cancel-tears-state");
            db.ended_once("double-close");
        })
        .await;
        sweep(async |cut| {
            let db = Db::new();
            let mut connection = connected(&db).await;
            cut.run(connection.query("SELECT 1")).await;
            turn().await;
            // Now, and not when a query that goes on in a task would be over.
            let closed = closed(connection).await;
            // The first round polls nothing: then it is not the query's fault.
            let pitfall = if cut.polls() == 0 { "close-forgotten" } else { "cancel-tears-state" };
            over(&db, 1, 0, pitfall);
            plainly().unless_eq(closed, Ok(()));
        })
        .await;
    });
}

#[test]
fn a_close_dropped_half_way_still_ends_the_session() {
    guarded().run(async {
        drop_works().await;
        sweep(async |cut| {
            let db = Db::new();
            let connection = connected(&db).await;
            match cut.run(closed(connection)).await {
                Some(closed) => {
                    over(&db, 1, 0, "close-forgotten");
                    plainly().unless_eq(closed, Ok(()));
                }
                None => {
                    // It may go on in a task; in the end there is one end.
                    settle().await;
                    no_tasks_left("dropped-handle-detaches");
                    db.nothing_open("cancel-tears-state");
                    db.ended_once("double-close");
                }
            }
        })
        .await;

        let db = Db::new();
        never_closed(connected(&db).await);
        db.ended_once("double-close");
        db.nothing_open("cancel-tears-state");
        db.ended_as(0, 1, "close-forgotten");
    });
}

#[test]
fn a_demo_dropped_half_way_leaves_no_session() {
    guarded().run(async {
        drop_works().await;
        sweep(async |cut| {
            let db = Db::new();
            match cut.run(demo(&db)).await {
                Some(pages) => {
                    over(&db, 1, 0, "close-forgotten");
                    plainly().unless_eq(pages.map(|p| p.len()), Ok(2));
                }
                None => {
                    settle().await;
                    no_tasks_left("dropped-handle-detaches");
                    let connecting = db.statements().is_empty();
                    db.nothing_open(match connecting {
                        true => "cancelled-begin-leaks-tx",
                        false => "cancel-tears-state",
                    });
                    db.ended_once("double-close");
                }
            }
        })
        .await;
    });
}

#[test]
fn every_error_leads_to_one_end() {
    guarded().run(async {
        drop_works().await;
        let db = Db::new();
        db.fail_query("SELECT * FROM orders");
        let (pages, time) = timed(demo(&db)).await;
        over(&db, 1, 0, "close-forgotten");
        plainly().unless_eq(pages, Err(failed("SELECT * FROM orders")));
        plainly().unless_eq(time, ms(2_800));

        // The query's error says what went wrong; that of close is its echo.
        let db = Db::new();
        db.fail_query("SELECT * FROM users");
        db.fail_next_close();
        let pages = demo(&db).await;
        plainly().unless_eq(&pages, &Err(failed("SELECT * FROM users")));
        if db.books().closed > 0 {
            // Nothing was forgotten: it was tried again.
            let wanted = ["closing", "close failed", "abandoned"];
            plainly().unless_eq(&db.log().lines()[4..], wanted);
        }
        over(&db, 0, 1, "close-forgotten");
    });
}

#[test]
fn a_close_that_fails_is_told_and_the_session_abandoned() {
    guarded().run(async {
        drop_works().await;
        let db = Db::new();
        let connection = connected(&db).await;
        db.fail_next_close();
        let closed = closed(connection).await;
        db.nothing_open("close-forgotten");
        plainly().unless_eq(closed, Err(DbError::CloseFailed));
        over(&db, 0, 1, "close-forgotten");

        let db = Db::new();
        db.fail_next_close();
        let pages = demo(&db).await;
        db.nothing_open("close-forgotten");
        plainly().unless_eq(pages, Err(DbError::CloseFailed));
        over(&db, 0, 1, "close-forgotten");
    });
}

#[test]
fn a_refused_connection_is_an_error_and_nothing_more() {
    guarded().run(async {
        drop_works().await;
        let db = Db::new();
        db.refuse_next_connect();
        let (pages, time) = timed(demo(&db)).await;
        over(&db, 0, 0, "double-close");
        plainly().unless_eq(pages, Err(DbError::Refused));
        plainly().unless_eq(time, ms(500));
        plainly().unless_eq((db.books().opened, db.statements().len()), (1, 0));

        db.refuse_next_connect();
        plainly().unless_eq(Connection::connect(&db).await.err(), Some(DbError::Refused));
        over(&db, 0, 0, "double-close");
        plainly().unless_eq(demo(&db).await.map(|pages| pages.len()), Ok(2));
        over(&db, 1, 0, "close-forgotten");
    });
}

#[test]
fn a_failed_query_leaves_the_connection_usable() {
    guarded().run(async {
        drop_works().await;
        let db = Db::new();
        db.fail_query("SELEC 1");
        let mut connection = connected(&db).await;
        plainly().unless_eq(connection.query("SELEC 1").await, Err(failed("SELEC 1")));
        let answer = connection.query("SELECT 1").await;
        let closed = closed(connection).await;
        over(&db, 1, 0, "close-forgotten");
        plainly().unless_eq(answer.as_deref(), Ok("result of SELECT 1"));
        plainly().unless_eq(closed, Ok(()));
        plainly().unless_eq(db.books().misused, 0);

        // And it is no less open than before.
        let db = Db::new();
        db.fail_query("SELEC 1");
        let mut connection = connected(&db).await;
        let _ = connection.query("SELEC 1").await;
        drop(connection);
        turn().await;
        over(&db, 0, 1, "close-forgotten");
    });
}

#[test]
fn connections_do_not_disturb_each_other() {
    guarded().run(async {
        drop_works().await;
        let db = Db::new();
        let (both, time) = timed(async { futures::join!(demo(&db), demo(&db)) }).await;
        over(&db, 2, 0, "close-forgotten");
        plainly().unless(both.0.is_ok() && both.1.is_ok());
        took(time).should_be(ms(2_800));

        let (first, mut second) = (connected(&db).await, connected(&db).await);
        plainly().unless_eq(closed(first).await, Ok(()));
        db.ended_once("double-close");
        let answer = second.query("SELECT 2").await;
        plainly().unless_eq(answer.as_deref(), Ok("result of SELECT 2"));
        drop(second);
        turn().await;
        over(&db, 3, 1, "close-forgotten");
    });
}
