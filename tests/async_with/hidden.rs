//! The rest of the contract: a panic, a drop at any await, and errors that hide nothing.

use std::any::Any;
use std::cell::RefCell;
use std::future::Ready;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;
use std::time::Duration;

use exercise::async_with::{Connection, WithError, with_connection};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use kit::fake::{Db, DbError};
use kit::{
    alive_tasks, blame, drive, in_time, ms, no_tasks_left, panic_words, paused_runtime, plainly,
    require_send, require_static, secs, start_over, sweep, timed,
};
use tokio::time::{sleep, timeout};

use crate::visible::{dropped, guard_works, over, reach_the_body, waiting, watched};

/// How a body comes to its end, after one query.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    Returns,
    Fails,
    Panics,
    /// With something that is no text.
    PanicsWithNumber,
    /// Before its query is asked, but in its first poll.
    PanicsAtOnce,
    /// While its query is still under way.
    PanicsMeanwhile,
}

async fn body(c: &mut Connection, ends: Ends) -> Result<u32, &'static str> {
    match ends {
        Ends::PanicsAtOnce => panic!("at once"),
        Ends::PanicsMeanwhile => {
            let asked = timeout(ms(400), c.query("SELECT 1")).map(|_| panic!("meanwhile"));
            asked.await
        }
        _ => {}
    }
    let answer = c.query("SELECT 1").await.map_err(|_| "not asked")?;
    plainly().unless_eq(answer, "result of SELECT 1");
    match ends {
        Ends::Returns => Ok(7),
        Ends::Fails => Err("no"),
        Ends::PanicsWithNumber => panic_any(404_u32),
        _ => panic!("at last"),
    }
}

/// What came of a call: a result, or the words of a panic.
type Ended = Result<Result<u32, WithError<&'static str>>, String>;

/// A call with such a body, boxed. Its panic is caught.
fn call(db: &Db, ends: Ends) -> LocalBoxFuture<'_, Ended> {
    caught(Box::pin(with_connection(db, async move |c: &mut Connection| body(c, ends).await)))
}

fn caught<'a>(
    call: LocalBoxFuture<'a, Result<u32, WithError<&'static str>>>,
) -> LocalBoxFuture<'a, Ended> {
    Box::pin(AssertUnwindSafe(call).catch_unwind().map(|ended| ended.map_err(words)))
}

/// The body's panics carry a number or a `&str`. The same words in a String are those of
/// another panic.
fn words(panic: Box<dyn Any + Send>) -> String {
    let number = panic.downcast_ref::<u32>().map(u32::to_string);
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let another = || match panic_words(&*panic) {
        Some(text) => format!("another panic: {text}"),
        None => "something else".to_owned(),
    };
    number.or(text).unwrap_or_else(another)
}

/// The call of a body that panics: closed in order, and then the panic goes on.
async fn closed_after_panic(db: &Db, call: LocalBoxFuture<'_, Ended>, panic: &str, took: Duration) {
    let (ended, time) = timed(call).await;
    db.asked(db.books().closed);
    no_tasks_left("dropped-handle-detaches");
    blame("close-skipped-on-panic").because("after-panic", &[]).unless(db.books().open == 0);
    db.ended_once("double-close");
    db.ended_as(1, 0, "close-skipped-on-panic");
    goes_on(ended, panic);
    plainly().unless_eq(time, took);
}

/// The panic of the body is what came of it.
fn goes_on(ended: Ended, panic: &str) {
    match ended {
        Ok(result) => {
            let got = format!("{result:?}");
            plainly().because("panic-kept-back", &[("got", &got)]).now();
        }
        Err(words) => plainly().unless_eq(words, panic),
    }
}

#[test]
fn a_body_that_panics_is_followed_by_a_close() {
    watched().run(async {
        guard_works().await;
        for (ends, panic, took) in [
            (Ends::Panics, "at last", ms(1_800)),
            (Ends::PanicsWithNumber, "404", ms(1_800)),
            (Ends::PanicsAtOnce, "at once", ms(800)),
            (Ends::PanicsMeanwhile, "meanwhile", ms(1_200)),
        ] {
            start_over();
            let db = Db::new();
            closed_after_panic(&db, call(&db, ends), panic, took).await;
        }
    });
}

/// A body that is an ordinary function, and never gets as far as to give a future.
fn panics_at_the_call(_: &mut Connection) -> Ready<Result<u32, &'static str>> {
    panic!("at the call")
}

#[test]
fn a_body_may_panic_when_it_is_called() {
    watched().run(async {
        guard_works().await;
        let db = Db::new();
        let call = caught(Box::pin(with_connection(&db, panics_at_the_call)));
        closed_after_panic(&db, call, "at the call", ms(800)).await;
    });
}

#[test]
fn dropped_at_any_await_it_leaves_no_session() {
    watched().run(async {
        guard_works().await;
        for ends in [Ends::Returns, Ends::Fails, Ends::Panics] {
            sweep(async |cut| {
                let db = Db::new();
                if cut.run(call(&db, ends)).await.is_some() {
                    return;
                }
                if cut.polls() == 0 {
                    sleep(secs(5)).await;
                    blame("eager-before-poll").unless_eq(db.books().opened, 0);
                }
                let log = db.log().lines();
                let pitfall = match log.iter().any(|line| line == "connected") {
                    false => "cancelled-begin-leaks-tx",
                    true if log.iter().any(|line| line == "closing") => "cancel-tears-state",
                    true => "close-forgotten",
                };
                let tasks = alive_tasks();
                if tasks == 0 {
                    db.nothing_handed_on("async-work-in-drop");
                }
                let open = db.books().open;
                // A task that was aborted needs a turn to go.
                sleep(ms(1)).await;
                no_tasks_left("dropped-handle-detaches");
                blame(if tasks > 0 { "joinset-drop-unawaited" } else { pitfall })
                    .because("sessions-open", &[("count", &open)])
                    .unless(open == 0);
                db.ended_once("double-close");
            })
            .await;
        }
    });
}

#[test]
fn a_drop_needs_no_runtime() {
    watched().run_sync(|| {
        let runtime = paused_runtime();
        drive(&runtime, guard_works());
        // A runtime exists, but this thread is not in it.
        let db = Db::new();
        let mut before = waiting(&db);
        drive(&runtime, reach_the_body(&db, before.as_mut()));
        dropped(&db, before, "async-work-in-drop");
        // Somebody else panics, who has it among his variables.
        start_over();
        let db = Db::new();
        let mut its = waiting(&db);
        drive(&runtime, reach_the_body(&db, its.as_mut()));
        let unwound = catch_unwind(AssertUnwindSafe(|| {
            let _its = its;
            panic!("of the caller");
        }));
        plainly().unless(unwound.is_err());
        db.nothing_open("close-skipped-on-panic");
        // And now there is none. It was dropped in the middle of the close.
        start_over();
        let db = Db::new();
        let mut after = call(&db, Ends::Returns).map(|_| ()).boxed_local();
        let ended = drive(&runtime, async { in_time(ms(1_700), after.as_mut()).await.is_some() });
        plainly().unless(!ended);
        drop(runtime);
        dropped(&db, after, "cancel-tears-state");
    });
}

#[test]
fn no_error_hides_another() {
    watched().run(async {
        guard_works().await;
        let db = Db::new();
        db.refuse_next_connect();
        let (ended, time) = timed(call(&db, Ends::Returns)).await;
        let asked = (db.books().opened, db.statements().len());
        plainly().unless_eq(asked, (1, 0));
        over(&db, 0, 0, "double-close");
        plainly().unless_eq(ended, Ok(Err(WithError::Connect(DbError::Refused))));
        plainly().unless_eq(time, ms(500));

        for ends in [Ends::Returns, Ends::Fails, Ends::Panics] {
            start_over();
            let db = Db::new();
            db.fail_next_close();
            let (ended, time) = timed(call(&db, ends)).await;
            if db.books().closed > 0 {
                // Nothing was forgotten: it was tried again.
                let wanted = ["closing", "close failed", "abandoned"];
                plainly().unless_eq(&db.log().lines()[3..], wanted);
            }
            let panics = ends == Ends::Panics;
            over(&db, 0, 1, if panics { "close-skipped-on-panic" } else { "close-forgotten" });
            match ends {
                Ends::Panics => goes_on(ended, "at last"),
                Ends::Fails => {
                    let both = WithError::Both("no", DbError::CloseFailed);
                    plainly().unless_eq(ended, Ok(Err(both)));
                }
                _ => plainly().unless_eq(ended, Ok(Err(WithError::Close(DbError::CloseFailed)))),
            }
            plainly().unless_eq(time, ms(1_800));
        }
    });
}

#[test]
fn it_can_be_spawned() {
    watched().run(async {
        guard_works().await;
        let db = Db::new();
        let (its, sql) = (db.clone(), "SELECT 1".to_owned());
        let task = async move {
            with_connection(&its, async |c: &mut Connection| c.query(&sql).await).await
        };
        require_send(&task); // gate: non-send-across-await
        require_static(&task);
        let ended = task.boxed_local().await;
        over(&db, 1, 0, "close-forgotten");
        plainly().unless_eq(ended, Ok("result of SELECT 1".to_owned()));
    });
}

#[test]
fn a_body_may_borrow_and_open_another_one() {
    watched().run(async {
        guard_works().await;
        let db = Db::new();
        let notes = RefCell::new(Vec::new());
        // Neither what it holds nor what it returns is Send, and both borrow.
        let call = with_connection(&db, async |c: &mut Connection| {
            let answer = c.query("SELECT 1").await;
            notes.borrow_mut().push(answer);
            let inner = call(&db, Ends::Fails).await;
            let answer = c.query("SELECT 2").await;
            notes.borrow_mut().push(answer);
            let given: Result<_, DbError> = Ok((Rc::new(inner), &notes));
            given
        });
        let (ended, time) = timed(call.boxed_local()).await;
        over(&db, 2, 0, "close-forgotten");
        let (inner, notes) = ended.expect("the body has returned");
        plainly().unless_eq(&*inner, &Ok(Err(WithError::Body("no"))));
        let answers = ["result of SELECT 1", "result of SELECT 2"].map(|sql| Ok(sql.to_owned()));
        plainly().unless_eq(&*notes.borrow(), &answers);
        plainly().unless_eq(time, ms(4_600));
    });
}
