//! What every learner sees: a pool lends, takes back, and closes.

use std::cell::Cell;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use exercise::pool::{Pool, Pooled};
use kit::fake::{Db, DbError};
use kit::{
    Blame, Mock, blame, drops_anywhere, lab, mock, ms, plainly, require_send, require_static,
    require_sync, settled, timed, took, until_ended,
};

/// Somebody who asks for a connection. In a box, so that all of them are compiled once.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Pooled, DbError>> + Send + 'a>>;

/// A pool as tasks share it.
pub fn pool_of(db: &Db, max: usize) -> Arc<Pool> {
    let pool = Arc::new(Pool::new(db.clone(), NonZeroUsize::new(max).unwrap()));
    require_send(&pool); // gate: non-send-across-await
    require_sync(&*pool); // gate: non-send-across-await
    pool
}

pub fn asks(pool: &Pool) -> Asking<'_> {
    Box::pin(pool.acquire()) // gate: non-send-across-await
}

/// Somebody who asks, and is polled by hand.
pub fn asking<'a>(who: &str, pool: &'a Pool) -> Mock<Asking<'a>> {
    mock(who, asks(pool))
}

/// Whether there is something for them by now. None: they go on waiting.
pub async fn served(who: &mut Mock<Asking<'_>>) -> Option<Result<Pooled, DbError>> {
    match settled(who, 20).await {
        Some(Poll::Ready(lent)) => Some(lent),
        Some(Poll::Pending) => None,
        None => {
            blame("busy-wake").because("polled-often", &[("who", &"acquire"), ("count", &20)]).now()
        }
    }
}

/// Waits for a connection; None if nothing comes of it.
pub async fn waits(pool: &Pool) -> Option<(Result<Pooled, DbError>, Duration)> {
    let mut asking = asks(pool);
    until_ended("acquire", 60, |_| "busy-wake", |cx| asking.as_mut().poll(cx)).await
}

/// A connection that there must be room for, and how long that took; `without` it a
/// failure.
pub async fn lent_after(pool: &Pool, without: Blame) -> (Pooled, Duration) {
    let Some((lent, time)) = waits(pool).await else { without.because("room-lost", &[]).now() };
    match lent {
        Ok(pooled) => {
            require_send(&pooled); // gate: non-send-across-await
            require_static(&pooled); // gate: borrow-into-spawn
            (pooled, time)
        }
        Err(error) => {
            plainly().unless_eq(Some(error), None::<DbError>);
            unreachable!("the check has failed");
        }
    }
}

pub async fn lent(pool: &Pool) -> Pooled {
    lent_after(pool, plainly()).await.0
}

/// There were never more sessions than that.
pub fn never_more_than(db: &Db, max: usize, pitfall: &str) {
    let most = db.books().most_open;
    blame(pitfall)
        .because("sessions-at-once", &[("peak", &most), ("limit", &max)])
        .unless(most <= max);
}

/// Whoever asks a pool that closes hears of that at once.
pub fn turned_away(told: Option<Result<Pooled, DbError>>) {
    plainly().unless_eq(told.map(Result::err), Some(Some(DbError::NotOpen)));
}

#[test]
fn a_connection_is_used_again() {
    lab().run(async {
        let db = Db::new();
        let pool = pool_of(&db, 2);
        plainly().unless_eq((pool.idle(), db.books().opened), (0, 0));
        let mut first = lent(&pool).await;
        let answer = first.query("SELECT 1").await;
        plainly().unless_eq(answer.as_deref(), Ok("result of SELECT 1"));
        plainly().unless_eq(pool.idle(), 0);
        let number = first.number();
        drops_anywhere(first);
        plainly().unless_eq(pool.idle(), 1);
        let (again, time) = lent_after(&pool, plainly()).await;
        plainly().unless_eq((again.number(), time), (number, Duration::ZERO));
    });
}

#[test]
fn three_who_need_one_share_two() {
    lab().run(async {
        let db = Db::new();
        let pool = pool_of(&db, 2);
        let asks_for = async |sql: &'static str| {
            let mut connection = lent(&pool).await;
            let answer = connection.query(sql).await;
            drop(connection);
            answer
        };
        let all = async { futures::join!(asks_for("a"), asks_for("b"), asks_for("c")) };
        let ((a, b, c), time) = timed(all).await;
        never_more_than(&db, 2, "unbounded-fanout");
        plainly().unless_eq(db.books().opened, 2);
        let got = [a, b, c].map(Result::unwrap_or_default);
        plainly().unless_eq(got, ["result of a", "result of b", "result of c"]);
        took(time).slower_means("lock-serialises-work").should_be(ms(2_500));
    });
}

#[test]
fn a_close_waits_for_what_is_lent() {
    lab().run(async {
        let db = Db::new();
        let pool = pool_of(&db, 2);
        let (mut lent, idle) = (lent(&pool).await, lent(&pool).await);
        drops_anywhere(idle);
        let is_back = Cell::new(false);
        let borrower = async {
            let answer = lent.query("SELECT 1").await;
            drops_anywhere(lent);
            is_back.set(true);
            answer
        };
        let closing = async {
            pool.close().await;
            is_back.get()
        };
        let (answer, waited) = futures::join!(borrower, closing);
        blame("shutdown-drops-work").because("closed-too-early", &[]).unless(waited);
        blame("shutdown-drops-work").unless_eq(answer.as_deref(), Ok("result of SELECT 1"));
        db.nothing_open("close-forgotten");
        db.ended_as(2, 0, "close-forgotten");
        turned_away(waits(&pool).await.map(|(lent, _)| lent));
    });
}
