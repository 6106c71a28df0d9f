//! What every learner sees: after a value and after an error there is a close.

use std::pin::Pin;

use exercise::async_with::{Connection, WithError, with_connection};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use kit::fake::{Db, DbError};
use kit::{
    Lab, blame, drops_anywhere, in_time, lab, ms, no_tasks_left, plainly, secs, start_over, timed,
};
use tokio::time::sleep;

#[test]
fn a_body_that_returns_is_followed_by_a_close() {
    watched().run(async {
        guard_works().await;
        let db = Db::new();
        let call = with_connection(&db, async |c: &mut Connection| c.query("SELECT 1").await);
        let (ended, time) = timed(call).await;
        over(&db, 1, 0, "close-forgotten");
        plainly().unless_eq(ended, Ok("result of SELECT 1".to_owned()));
        plainly().unless_eq(
            db.log().timed().lines().collect::<Vec<_>>(),
            [
                "t=     0 connecting",
                "t=   500 connected",
                "t=   500 query SELECT 1",
                "t=  1500 closing",
                "t=  1800 closed",
            ],
        );
        plainly().unless_eq(time, ms(1_800));
    });
}

#[test]
fn a_body_that_fails_is_followed_by_a_close() {
    watched().run(async {
        guard_works().await;
        let db = Db::new();
        db.fail_query("SELEC 1");
        let call = with_connection(&db, async |c: &mut Connection| {
            c.query("SELEC 1").await?; // leaves the body, and nothing else
            c.query("SELECT 2").await
        });
        let (ended, time) = timed(call).await;
        over(&db, 1, 0, "close-forgotten");
        let failed = DbError::QueryFailed("SELEC 1".to_owned());
        plainly().unless_eq(ended, Err(WithError::Body(failed)));
        plainly().unless_eq(time, ms(1_800));
    });
}

/// All tests: a thread that stands still for good does so in a Drop.
pub fn watched() -> Lab {
    lab().stuck_means("async-work-in-drop")
}

/// When it has returned, or panicked: its session has ended, once, and in this way.
pub fn over(db: &Db, closed: usize, abandoned: usize, pitfall: &str) {
    db.asked(db.books().closed);
    no_tasks_left("dropped-handle-detaches");
    db.nothing_open(pitfall);
    db.ended_once("double-close");
    db.ended_as(closed, abandoned, pitfall);
}

/// What every test asks first: dropped in the middle of its body, it leaves no session.
/// Otherwise that would look like a mistake of what the test is about.
pub async fn guard_works() {
    // Who leaves it to another thread may be lucky once, and not each time.
    for _ in 0..20 {
        let db = Db::unrecorded();
        let mut call = waiting(&db);
        reach_the_body(&db, call.as_mut()).await;
        dropped(&db, call, "close-forgotten");
    }
    // A task that was aborted needs a turn to go.
    sleep(ms(1)).await;
    no_tasks_left("async-work-in-drop");
    start_over();
}

/// Any call, boxed.
pub type Call<'a> = LocalBoxFuture<'a, ()>;

/// A call whose body never comes to an end.
pub fn waiting(db: &Db) -> Call<'_> {
    let call = with_connection(db, async |c: &mut Connection| {
        c.query("SELECT 1").await?;
        std::future::pending::<Result<(), DbError>>().await
    });
    Box::pin(call.map(|_| ()))
}

/// Drives the call of a body that never ends until that waits.
pub async fn reach_the_body(db: &Db, call: Pin<&mut (dyn Future<Output = ()> + '_)>) {
    let ended = in_time(secs(5), call).await.is_some();
    db.asked(db.books().opened);
    let asked = db.statements().len();
    plainly().because("body-should-wait", &[("queries", &asked)]).unless(!ended && asked == 1);
}

/// Drops the call half-way, and looks at once.
pub fn dropped(db: &Db, call: Call<'_>, left_open: &str) {
    drops_anywhere(call);
    db.nothing_handed_on("async-work-in-drop");
    db.asked(db.books().closed + db.books().abandoned);
    blame(left_open)
        .because("dropped-half-way", &[])
        .because("sessions-open", &[("count", &db.books().open)])
        .unless(db.books().open == 0);
    db.ended_once("double-close");
    // Closed in order, in no time at all: something blocked the thread for it.
    db.ended_as(0, 1, "async-work-in-drop");
}
