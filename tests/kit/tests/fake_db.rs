//! The fake database: time, books, failures, and what a raw session forgives.

mod common;

use common::{fact, pitfall};
use kit::fake::{Books, Connection, Db, DbError, Session};
use kit::{capture, lab, ms, paused_runtime, plainly, run, run_sync, secs, sweep, timed};
use tokio::time::{sleep, timeout};

async fn open(db: &Db) -> Session {
    let session = db.session();
    session.connect().await.unwrap();
    session
}

#[test]
fn every_call_takes_its_time_and_writes_its_line() {
    run(async {
        let db = Db::new();
        let session = open(&db).await;
        assert_eq!(session.query("a").await.as_deref(), Ok("result of a"));
        assert_eq!(session.close().await, Ok(()));
        let log = db.log();
        assert_eq!(log.lines(), ["connecting", "connected", "query a", "closing", "closed"]);
        assert_eq!(log.instants(), [ms(0), ms(500), ms(500), ms(1_500), ms(1_800)]);
        assert_eq!(db.statements(), [(1, "a".to_owned())]);
        let books = Books { opened: 1, closed: 1, most_open: 1, ..Books::default() };
        assert_eq!(db.books(), books);
        db.nothing_open("close-forgotten");
        db.ended_once("double-close");
        db.ended_as(1, 0, "close-forgotten");
    });
}

#[test]
fn dropping_a_handle_ends_nothing() {
    run(async {
        let db = Db::new();
        drop(open(&db).await);
        sleep(secs(60)).await;
        assert_eq!(db.books().open, 1);
        db.nothing_handed_on("async-work-in-drop");
    });
    let record = capture(|| {
        run(async {
            let db = Db::new();
            drop(open(&db).await);
            db.nothing_open("close-forgotten");
        });
    });
    assert_eq!((pitfall(&record), fact(&record)), (Some("close-forgotten"), "sessions-open"));
}

#[test]
fn a_handle_that_lives_on_was_handed_to_somebody() {
    let record = capture(|| {
        run(async {
            let db = Db::new();
            let session = open(&db).await;
            db.session();
            tokio::spawn(async move { session.close().await });
            db.nothing_handed_on("async-work-in-drop");
        });
    });
    let seen = (pitfall(&record), fact(&record));
    assert_eq!(seen, (Some("async-work-in-drop"), "session-handed-on"));
}

#[test]
fn abandon_needs_neither_a_runtime_nor_this_thread() {
    run_sync(|| {
        let db = Db::new();
        let runtime = paused_runtime();
        let first = runtime.block_on(open(&db));
        let second = runtime.block_on(open(&db));
        first.abandon();
        drop(runtime);
        std::thread::scope(|scope| scope.spawn(|| second.abandon()).join()).unwrap();
        db.ended_as(0, 2, "close-forgotten");
        assert_eq!(db.books().most_open, 2);
    });
}

#[test]
fn a_session_can_end_only_once() {
    run(async {
        let db = Db::new();
        let closed = open(&db).await;
        closed.close().await.unwrap();
        closed.abandon();
        assert_eq!(db.books().ended_twice, 1);
        assert_eq!(closed.close().await, Err(DbError::NotOpen));
        assert_eq!(db.books().ended_twice, 2);
        let abandoned = open(&db).await;
        abandoned.abandon();
        abandoned.abandon();
        assert_eq!(abandoned.close().await, Err(DbError::NotOpen));
        assert_eq!(db.books().ended_twice, 4);

        let raced = open(&db).await;
        let both = futures::join!(raced.close(), raced.close());
        assert_eq!(both, (Ok(()), Err(DbError::OutOfTurn)));
        assert_eq!(db.books().ended_twice, 5);
        let got = db.books();
        assert_eq!((got.closed, got.abandoned, got.open, got.misused), (2, 1, 0, 0));
    });
    let record = capture(|| {
        run(async {
            let db = Db::new();
            let session = open(&db).await;
            session.close().await.unwrap();
            session.abandon();
            db.ended_once("double-close");
        });
    });
    assert_eq!((pitfall(&record), fact(&record)), (Some("double-close"), "ended-twice"));
}

#[test]
fn calls_at_a_wrong_time_fail_and_are_counted() {
    run(async {
        let db = Db::new();
        let session = db.session();
        assert_eq!(session.query("early").await, Err(DbError::NotOpen));
        session.connect().await.unwrap();
        assert_eq!(session.connect().await, Err(DbError::OutOfTurn));
        let two = futures::join!(session.query("a"), session.query("b"));
        assert_eq!(two, (Ok("result of a".to_owned()), Err(DbError::OutOfTurn)));
        let two = futures::join!(session.query("a"), session.close());
        assert_eq!(two.1, Err(DbError::OutOfTurn));
        session.close().await.unwrap();
        assert_eq!(session.query("late").await, Err(DbError::NotOpen));
        let got = db.books();
        assert_eq!((got.misused, got.ended_twice, got.closed), (5, 0, 1));
    });
}

#[test]
fn failures_come_when_ordered_and_once() {
    run(async {
        let db = Db::new();
        db.refuse_next_connect();
        let refused = db.session();
        let (result, time) = timed(refused.connect()).await;
        assert_eq!((result, time), (Err(DbError::Refused), ms(500)));
        // Nothing is there to end, and to try does no harm.
        refused.abandon();
        assert_eq!(refused.close().await, Err(DbError::NotOpen));
        let got = db.books();
        assert_eq!((got.opened, got.refused, got.open, got.ended_twice), (1, 1, 0, 0));

        db.fail_query("bad");
        let session = open(&db).await;
        assert_eq!(session.query("bad").await, Err(DbError::QueryFailed("bad".to_owned())));
        assert!(session.query("good").await.is_ok());
        db.fail_next_close();
        assert_eq!(session.close().await, Err(DbError::CloseFailed));
        assert_eq!(db.books().open, 1, "a close that failed has closed nothing");
        assert_eq!(session.close().await, Ok(()));
        db.ended_as(1, 0, "close-forgotten");
        db.ended_once("double-close");
    });
    let record = capture(|| run(async { Db::new().ended_as(1, 0, "close-forgotten") }));
    assert_eq!((pitfall(&record), fact(&record)), (Some("close-forgotten"), "sessions-ended"));
}

#[test]
fn a_call_that_is_dropped_half_way_leaves_the_session_open() {
    run(async {
        sweep(async |cut| {
            let db = Db::new();
            let session = db.session();
            let polls = cut.polls();
            let done = cut
                .run(async {
                    session.connect().await?;
                    session.query("a").await?;
                    session.close().await
                })
                .await;
            let open = usize::from(done.is_none() && polls > 0);
            assert_eq!(db.books().open, open, "after {polls} polls");
            if done.is_none() {
                session.abandon();
            }
            plainly().unless_eq((db.books().open, db.books().ended_twice), (0, 0));
        })
        .await;
    });
}

#[test]
fn an_unread_answer_goes_to_the_next_query() {
    run(async {
        let db = Db::new();
        let session = open(&db).await;
        assert!(timeout(ms(100), session.query("mine")).await.is_err());
        assert_eq!(session.query("yours").await.as_deref(), Ok("result of mine"));
        assert_eq!(session.close().await, Ok(()));
        assert_eq!(db.books().misused, 0);
    });
}

#[test]
fn a_query_learns_that_its_session_was_abandoned() {
    run(async {
        let db = Db::new();
        let session = open(&db).await;
        let killed = async {
            sleep(ms(100)).await;
            session.abandon();
        };
        let (answer, ()) = futures::join!(session.query("a"), killed);
        assert_eq!(answer, Err(DbError::NotOpen));
        assert_eq!(db.books().misused, 0, "the query was in time");
    });
}

#[test]
fn a_call_that_nobody_awaits_is_counted() {
    run(async {
        let db = Db::new();
        let session = open(&db).await;
        drop(session.query("a"));
        drop(session.close());
        assert_eq!((db.books().unpolled, db.books().misused, db.statements().len()), (2, 0, 0));
        session.close().await.unwrap();
        db.ended_as(1, 0, "close-forgotten");
        assert_eq!(db.books().unpolled, 2);
    });
}

#[test]
fn a_connection_ends_by_itself_wherever_it_is_dropped() {
    run(async {
        sweep(async |cut| {
            let db = Db::new();
            let whole = async {
                let mut connection = Connection::connect(&db).await.unwrap();
                connection.query("a").await.unwrap();
                connection.close().await.unwrap();
            };
            cut.run(whole).await;
            let books = db.books();
            assert_eq!((books.open, books.ended_twice), (0, 0));
        })
        .await;
        let db = Db::new();
        db.refuse_next_connect();
        assert_eq!(Connection::connect(&db).await.err(), Some(DbError::Refused));
        let connection = Connection::connect(&db).await.unwrap();
        assert_eq!(connection.number(), 2);
        db.fail_next_close();
        assert_eq!(connection.close().await, Err(DbError::CloseFailed));
        drop(Connection::connect(&db).await.unwrap());
        db.ended_as(0, 2, "close-forgotten");
        assert_eq!((db.books().open, db.books().ended_twice), (0, 0));
    });
}

#[test]
fn a_query_dropped_half_way_soils_a_connection_for_ever() {
    run(async {
        let db = Db::new();
        db.fail_query("bad");
        let mut connection = Connection::connect(&db).await.unwrap();
        assert!(connection.query("bad").await.is_err() && connection.is_clean());
        assert!(timeout(ms(500), connection.query("mine")).await.is_err());
        assert!(!connection.is_clean());
        assert_eq!(connection.query("yours").await.as_deref(), Ok("result of mine"));
        assert!(!connection.is_clean());
    });
}

#[test]
fn an_unrecorded_server_stays_out_of_the_picture() {
    run(async {
        let db = Db::unrecorded();
        open(&db).await.close().await.unwrap();
        assert_eq!(kit::trace(), "");
        assert_eq!(db.log().lines().len(), 4);
    });
}

#[test]
fn the_timeline_shows_sessions_and_calls() {
    let record = capture(|| {
        lab().run(async {
            let db = Db::new();
            let session = open(&db).await;
            session.query("SELECT 1").await.unwrap();
            drop(session);
            let given_up = open(&db).await;
            let _ = timeout(ms(500), given_up.query("SELECT 2")).await;
            given_up.abandon();
            plainly().now();
        });
    });
    let picture = record::timeline::draw(&record, 76).join("\n");
    insta::assert_snapshot!(picture, @"
    session 1   ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒…
    connect     ████████
    SELECT 1            ████████████████
    session 2                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒✗
    connect                             ████████
    SELECT 2                                    ▒▒▒▒▒▒▒▒✗
                0s      500ms           1.5s    2s      2.5s
    ");
}

#[test]
fn a_transaction_counts_from_its_commit() {
    run(async {
        let db = Db::new();
        let session = open(&db).await;
        let other = session.clone();
        assert_eq!(db.handles(), 2);
        drop(other);
        assert_eq!(db.handles(), 1);
        assert_eq!(session.execute("a").await, Ok(1));
        assert_eq!(session.execute("BEGIN").await, Ok(0));
        assert_eq!(session.execute("b").await, Ok(1));
        assert_eq!((db.rows(), db.transactions()), (vec!["a".to_owned()], 1));
        assert_eq!(session.execute("COMMIT").await, Ok(0));
        assert_eq!((db.rows().len(), db.transactions()), (2, 0));

        session.execute("BEGIN").await.unwrap();
        session.execute("c").await.unwrap();
        assert_eq!(session.execute("ROLLBACK").await, Ok(0));
        assert_eq!((db.rows().len(), db.transactions()), (2, 0));
        // Where nothing is open, they do nothing.
        assert_eq!(session.execute("COMMIT").await, Ok(0));
        assert_eq!(session.execute("ROLLBACK").await, Ok(0));
        assert_eq!((db.rows().len(), db.books().misused), (2, 0));
    });
}

#[test]
fn a_statement_that_fails_changes_nothing() {
    run(async {
        let db = Db::new();
        for sql in ["b", "COMMIT"] {
            db.fail_query(sql);
        }
        let session = open(&db).await;
        session.execute("BEGIN").await.unwrap();
        for sql in ["BEGIN", "b", "COMMIT"] {
            let failed = DbError::QueryFailed(sql.to_owned());
            assert_eq!(session.execute(sql).await, Err(failed));
            assert_eq!((db.rows().len(), db.transactions()), (0, 1));
        }
        assert_eq!(db.log().lines().last().map(String::as_str), Some("COMMIT failed"));
        // The end of the session is the end of its transaction.
        session.abandon();
        assert_eq!(db.transactions(), 0);
        assert_eq!(session.execute("c").await, Err(DbError::NotOpen));
        assert_eq!((db.rows().len(), db.books().misused), (0, 1));
    });
}

#[test]
fn a_statement_is_done_though_nobody_waits_for_its_answer() {
    run(async {
        let db = Db::new();
        let session = open(&db).await;
        for sql in ["BEGIN", "a"] {
            assert!(timeout(ms(1), session.execute(sql)).await.is_err());
        }
        drop(session.execute("b"));
        assert_eq!(db.transactions(), 1);
        // And the answer is thrown away, not given to the next one.
        assert_eq!(session.execute("COMMIT").await, Ok(0));
        assert_eq!((db.rows(), db.books().unpolled), (vec!["a".to_owned()], 1));
        let one = session.execute("c");
        let other = session.execute("d");
        assert_eq!(futures::join!(one, other), (Ok(1), Err(DbError::OutOfTurn)));
    });
}
