//! The rest of the contract: never too many, nothing lost, whole or not at all.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::time::Duration;

use exercise::pool::{Pool, Pooled};
use futures::FutureExt;
use kit::fake::{Db, DbError};
use kit::{
    Mock, blame, counting_waker, drive, drops_anywhere, elsewhere, in_time, inline_waker, lab, ms,
    no_tasks_left, patience, paused_runtime, plainly, poll_with, secs, start_over, sweep, timed,
    took, until_ended,
};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::visible::{
    Asking, asking, asks, lent, lent_after, never_more_than, pool_of, served, turned_away, waits,
};

/// Somebody who has asked, and for whom there is nothing yet.
async fn in_line<'a>(who: &str, pool: &'a Pool) -> Mock<Asking<'a>> {
    let mut asks = asking(who, pool);
    plainly().unless(served(&mut asks).await.is_none());
    asks
}

fn was_told(waits: &Mock<Asking<'_>>) {
    unless_woken("acquire", waits.is_woken());
}

/// Fails unless its task was woken, now that it can go on.
fn unless_woken(who: &str, woken: bool) {
    blame("pending-without-waker").because("not-woken", &[("who", &who)]).unless(woken);
}

/// What each test asks first, so that an answer is told of its first mistake, and not
/// of what follows from it.
async fn pool_works() {
    let db = Db::unrecorded();
    let pool = pool_of(&db, 1);
    let first = lent(&pool).await;
    let mut second = asking("acquire", &pool);
    let early = served(&mut second).await;
    // Time for one who connects.
    sleep(secs(1)).await;
    never_more_than(&db, 1, "unbounded-fanout");
    plainly().unless(early.is_none());
    drop(second);
    drops_anywhere(first);
    if pool.idle() == 0 {
        sleep(secs(1)).await;
        blame("async-work-in-drop").because("back-later", &[]).unless(pool.idle() == 0);
        plainly().unless_eq(pool.idle(), 1);
    }
    // Nobody had been waiting then. Now somebody is.
    let first = lent(&pool).await;
    let second = in_line("acquire", &pool).await;
    drops_anywhere(first);
    was_told(&second);
    drop(second);
    // Whoever waits may be polled by another task in the end.
    let first = lent(&pool).await;
    let mut second = asks(&pool);
    let (wakes, waker) = counting_waker("acquire");
    let _ = poll_with(second.as_mut(), Waker::noop());
    let _ = poll_with(second.as_mut(), &waker);
    drops_anywhere(first);
    let woken = wakes.wakes() > 0;
    blame("stale-waker").because("not-woken", &[("who", &"acquire")]).unless(woken);
}

#[test]
fn nothing_begins_before_the_first_poll() {
    lab().run(async {
        let db = Db::new();
        let pool = pool_of(&db, 1);
        let unpolled = asks(&pool);
        sleep(secs(1)).await;
        blame("eager-before-poll").unless_eq(db.books().opened, 0);
        blame("eager-before-poll")
            .unless(lent_after(&pool, blame("eager-before-poll")).await.1 == ms(500));
        drop(unpolled);
    });
}

#[test]
fn two_who_connect_do_not_wait_for_each_other() {
    lab().run(async {
        pool_works().await;
        let db = Db::new();
        let pool = pool_of(&db, 2);
        let (both, time) = timed(async { futures::join!(lent(&pool), lent(&pool)) }).await;
        took(time).slower_means("lock-serialises-work").should_be(ms(500));
        drop(both);

        // One is idle soon, while another connects: nobody has to wait for that.
        let pool = pool_of(&db, 2);
        let first = lent(&pool).await;
        let _connects = in_line("the second", &pool).await;
        let mut third = in_line("the third", &pool).await;
        sleep(ms(100)).await;
        drops_anywhere(first);
        let third = served(&mut third).await.is_some();
        blame("lock-serialises-work").because("held-up", &[]).unless(third);
    });
}

#[test]
fn who_asks_first_is_served_first() {
    lab().run(async {
        pool_works().await;
        for discards in [false, true] {
            start_over();
            let db = Db::new();
            let pool = pool_of(&db, 1);
            let mut has = lent(&pool).await;
            let (a, b) = (in_line("a", &pool).await, in_line("b", &pool).await);
            let mut waiting = [a, b, in_line("c", &pool).await];
            // They wait for however long it takes.
            sleep(secs(600)).await;
            for who in &mut waiting {
                blame("timeout-wrong-scope").unless(served(who).await.is_none());
            }
            // At each turn somebody comes who is polled before those who wait.
            let mut late = Vec::new();
            for turn in 0..waiting.len() {
                makes_way(&db, has, discards);
                let mut comes = asking("latecomer", &pool);
                let (first, others) = waiting[turn..].split_first_mut().unwrap();
                let woken = first.is_woken();
                let mut others: Vec<_> = others.iter_mut().chain([&mut comes]).rev().collect();
                nobody_overtakes(&mut others).await;
                let mut told = served(first).await;
                if told.is_none() && discards {
                    // Whoever was let in connects by now.
                    sleep(secs(1)).await;
                    never_more_than(&db, 1, "unbounded-fanout");
                    nobody_overtakes(&mut others).await;
                    told = served(first).await;
                }
                late.push(comes);
                match told {
                    Some(lent) => {
                        // It is its turn, and only because it was asked.
                        unless_woken("the one who waits longest", woken);
                        has = lent.unwrap();
                    }
                    None => blame("pending-without-waker")
                        .because("not-ready", &[("who", &"the one who waits longest")])
                        .now(),
                }
            }
        }
    });
}

/// The only one comes back, or there is room for a new one.
fn makes_way(db: &Db, has: Pooled, discards: bool) {
    if discards {
        has.discard();
        db.nothing_open("close-forgotten");
    } else {
        drops_anywhere(has);
    }
}

/// There is nothing for any of these, whoever is polled first.
async fn nobody_overtakes(others: &mut [&mut Mock<Asking<'_>>]) {
    for who in others {
        let overtakes = served(who).await.is_some();
        plainly().because("overtaken", &[("who", &"Somebody")]).unless(!overtakes);
    }
}

#[test]
fn a_wait_that_is_dropped_costs_nobody_a_turn() {
    lab().run(async {
        pool_works().await;
        // Dropped before its turn comes, and when it has come already.
        for (after, discards) in [(false, false), (true, false), (false, true), (true, true)] {
            start_over();
            let db = Db::new();
            let pool = pool_of(&db, 1);
            let has = lent(&pool).await;
            let (gives_up, mut next) = (in_line("a", &pool).await, in_line("b", &pool).await);
            if after {
                makes_way(&db, has, discards);
                drop(gives_up);
            } else {
                drop(gives_up);
                makes_way(&db, has, discards);
            }
            let woken = next.is_woken();
            blame("cancel-tears-state").because("not-woken", &[("who", &"b")]).unless(woken);
            let mut lent = served(&mut next).await;
            if lent.is_none() && discards {
                // It connects.
                sleep(secs(1)).await;
                lent = served(&mut next).await;
            }
            blame("cancel-tears-state").because("room-lost", &[]).unless(lent.is_some());
            never_more_than(&db, 1, "unbounded-fanout");
        }
    });
}

/// Borrows, asks, gives back; as somebody who may be cut off at any await.
async fn visit(pool: &Pool) -> Result<String, DbError> {
    let mut connection = asks(pool).await?;
    connection.query("mine").await
}

/// Whoever comes next, after somebody was cut off.
async fn next_is_served(db: &Db, pool: &Pool) {
    let (mut next, _) = lent_after(pool, blame("cancel-tears-state")).await;
    never_more_than(db, 1, "permit-before-return");
    let got = next.query("yours").await;
    if got.as_deref() == Ok("result of mine") {
        let facts: [(&str, &dyn std::fmt::Display); 2] = [("asked", &"yours"), ("got", &"mine")];
        blame("dirty-connection-reused").because("wrong-answer", &facts).now();
    }
    plainly().unless_eq(got.as_deref(), Ok("result of yours"));
}

#[test]
fn whoever_is_cut_off_leaves_nothing_behind() {
    lab().run(async {
        pool_works().await;
        sweep(async |cut| {
            let db = Db::new();
            let pool = pool_of(&db, 1);
            cut.run(visit(&pool)).await;
            next_is_served(&db, &pool).await;
            no_tasks_left("async-work-in-drop");
        })
        .await;
        // The same for one who has to wait first.
        sweep(async |cut| {
            let db = Db::new();
            let pool = pool_of(&db, 1);
            let before = lent(&pool).await;
            let gives_back = async {
                sleep(ms(700)).await;
                drops_anywhere(before);
            };
            futures::join!(cut.run(visit(&pool)), gives_back);
            next_is_served(&db, &pool).await;
        })
        .await;
    });
}

#[test]
fn what_is_not_clean_ends_and_makes_room() {
    lab().run(async {
        pool_works().await;
        let db = Db::new();
        let pool = pool_of(&db, 1);
        let mut dirty = lent(&pool).await;
        let _ = dirty.query("mine").now_or_never();
        let waiting = in_line("acquire", &pool).await;
        drops_anywhere(dirty);
        blame("dirty-connection-reused").unless_eq(pool.idle(), 0);
        blame("close-forgotten").unless_eq(db.books().abandoned, 1);
        was_told(&waiting);
        drop(waiting);
        next_is_served(&db, &pool).await;
        db.ended_once("double-close");
    });
}

#[test]
fn what_is_discarded_ends_and_makes_room() {
    lab().run(async {
        pool_works().await;
        let db = Db::new();
        let pool = pool_of(&db, 1);
        let bad = lent(&pool).await;
        let waiting = in_line("acquire", &pool).await;
        bad.discard();
        plainly().unless_eq(pool.idle(), 0);
        db.nothing_open("close-forgotten");
        db.ended_as(0, 1, "close-forgotten");
        was_told(&waiting);
        drop(waiting);
        next_is_served(&db, &pool).await;
        db.ended_once("double-close");
    });
}

/// How many sessions are open at the moment when somebody who waits is told of `ends`.
async fn open_when_told(ends: impl AsyncFnOnce(&Db, &Arc<Pool>, &mut Asking<'_>, &Waker)) -> usize {
    let db = Db::new();
    let pool = pool_of(&db, 1);
    let open = Arc::new(AtomicUsize::new(0));
    let (its, seen) = (db.clone(), open.clone());
    let waker = inline_waker(move || {
        seen.fetch_max(its.books().open, SeqCst);
    });
    let its = pool.clone();
    let mut waiting: Asking<'_> = Box::pin(async move { its.acquire().await });
    ends(&db, &pool, &mut waiting, &waker).await;
    open.load(SeqCst)
}

#[test]
fn who_waits_hears_of_it_when_the_session_has_ended() {
    lab().run(async {
        pool_works().await;
        let discards = open_when_told(async |db, pool, waiting, waker| {
            let bad = lent(pool).await;
            let _ = poll_with(waiting.as_mut(), waker);
            bad.discard();
            db.nothing_open("close-forgotten");
        });
        let soils = open_when_told(async |db, pool, waiting, waker| {
            let mut dirty = lent(pool).await;
            let _ = dirty.query("mine").now_or_never();
            let _ = poll_with(waiting.as_mut(), waker);
            drop(dirty);
            db.nothing_open("dirty-connection-reused");
        });
        let gives_up = open_when_told(async |_, pool, waiting, waker| {
            let connects = in_line("acquire", pool).await;
            let _ = poll_with(waiting.as_mut(), waker);
            drop(connects);
        });
        for open in [discards.await, soils.await, gives_up.await] {
            blame("permit-before-return").because("heard-before-the-end", &[]).unless(open == 0);
        }
    });
}

#[test]
fn who_waits_hears_of_it_when_it_is_back() {
    lab().run(async {
        pool_works().await;
        // On another thread whoever waits may be polled before the drop has returned.
        // A right answer has nothing to fear from that, whenever it happens.
        for time in patience().take(4) {
            let db = Db::new();
            let pool = pool_of(&db, 1);
            let lent = lent(&pool).await;
            let its = pool.clone();
            let waiting: Asking<'static> = Box::pin(async move { its.acquire().await });
            let waiting = Arc::new(Mutex::new(waiting));
            let (its, here) = (waiting.clone(), Handle::current());
            let waker = inline_waker(move || {
                let (its, here) = (its.clone(), here.clone());
                let polled = elsewhere(move || {
                    let _here = here.enter();
                    let _ = poll_with(its.lock().unwrap().as_mut(), Waker::noop());
                });
                polled.ends_within(time);
            });
            let early = poll_with(waiting.lock().unwrap().as_mut(), &waker).is_ready();
            plainly().unless(!early);
            drop(lent);
            let most = db.books().most_open;
            blame("permit-before-return").because("heard-too-early", &[]).unless(most == 1);
        }
    });
}

#[test]
fn a_failed_connect_makes_room_again() {
    lab().run(async {
        pool_works().await;
        let db = Db::new();
        let pool = pool_of(&db, 1);
        db.refuse_next_connect();
        let (first, second) = futures::join!(asks(&pool), waits(&pool));
        plainly().unless_eq(first.err(), Some(DbError::Refused));
        let Some((Ok(_), time)) = second else { plainly().because("room-lost", &[]).now() };
        plainly().unless_eq(time, secs(1));
        never_more_than(&db, 1, "unbounded-fanout");
        db.ended_once("double-close");

        // Whoever waits hears of that, and nobody else has to poll by chance.
        for gives_up in [false, true] {
            start_over();
            let db = Db::new();
            let pool = pool_of(&db, 1);
            db.refuse_next_connect();
            let mut connects = in_line("acquire", &pool).await;
            let mut waiting = in_line("the next", &pool).await;
            sleep(secs(1)).await;
            if !gives_up {
                let told = served(&mut connects).await.map(Result::err);
                plainly().unless_eq(told, Some(Some(DbError::Refused)));
            }
            drop(connects);
            // Time for one who connects all the same.
            sleep(secs(1)).await;
            let woken = waiting.is_woken();
            let mut told = served(&mut waiting).await;
            if told.is_none() {
                // It connects.
                sleep(secs(1)).await;
                told = served(&mut waiting).await;
            }
            blame("cancel-tears-state").because("room-lost", &[]).unless(told.is_some());
            unless_woken("the next", woken);
        }
    });
}

#[test]
fn it_comes_back_after_a_panic() {
    lab().run(async {
        pool_works().await;
        let db = Db::new();
        let pool = pool_of(&db, 1);
        let body = async {
            let _connection = lent(&pool).await;
            panic!("in the middle");
        };
        let ended: Result<(), _> = AssertUnwindSafe(body).catch_unwind().await;
        plainly().unless(ended.is_err());
        plainly().unless_eq(pool.idle(), 1);
        plainly().unless_eq(lent(&pool).await.number(), 1);
    });
}

#[test]
fn it_comes_back_without_a_runtime_and_without_its_pool() {
    lab().run_sync(|| {
        let db = Db::new();
        let runtime = paused_runtime();
        let pool = pool_of(&db, 2);
        let lent = drive(&runtime, async {
            pool_works().await;
            futures::join!(lent(&pool), lent(&pool))
        });
        // This thread is not in the runtime any more.
        drops_anywhere(lent.0);
        blame("async-work-in-drop").unless_eq(pool.idle(), 1);
        drop(runtime);
        drops_anywhere(pool);
        drops_anywhere(lent.1);
        db.nothing_open("close-forgotten");
        db.ended_once("double-close");
        db.ended_as(0, 2, "close-forgotten");
    });
}

#[test]
fn many_tasks_share_a_few() {
    lab().run(async {
        pool_works().await;
        let db = Db::new();
        let pool = pool_of(&db, 4);
        let visits = (0..30).map(|n| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let sql = format!("SELECT {n}");
                let answer = asks(&pool).await?.query(&sql).await?;
                Ok::<_, DbError>(answer == format!("result of {sql}"))
            })
        });
        let visits: Vec<_> = visits.collect();
        let (all, time) = timed(futures::future::join_all(visits)).await;
        never_more_than(&db, 4, "unbounded-fanout");
        plainly().unless(all.into_iter().all(|told| matches!(told, Ok(Ok(true)))));
        plainly().unless_eq((db.books().opened, pool.idle()), (4, 4));
        took(time).slower_means("lock-serialises-work").should_be(ms(8_500));
    });
}

#[test]
fn a_close_lets_nobody_in_and_disturbs_nobody() {
    lab().run(async {
        pool_works().await;
        let db = Db::new();
        let pool = pool_of(&db, 2);
        let (mut has, also) = futures::join!(lent(&pool), lent(&pool));
        let mut waiting = [in_line("one", &pool).await, in_line("another", &pool).await];
        let closing = [closes(&pool), closes(&pool)];
        sleep(ms(100)).await;
        // Who waits with a connection in hand would never give that back.
        for who in &mut waiting {
            let woken = who.is_woken();
            turned_away(served(who).await);
            unless_woken("acquire", woken);
        }
        drops_anywhere(also);
        // However long the other takes.
        sleep(secs(600)).await;
        turned_away(served(&mut asking("acquire", &pool)).await);
        let early = closing.iter().any(JoinHandle::is_finished);
        blame("shutdown-drops-work").because("closed-too-early", &[]).unless(!early);
        let answer = has.query("SELECT 1").await;
        blame("shutdown-drops-work").unless_eq(answer.as_deref(), Ok("result of SELECT 1"));
        drops_anywhere(has);
        sleep(secs(10)).await;
        let closed = closing.iter().all(JoinHandle::is_finished);
        unless_woken("close", closed);
        db.nothing_open("close-forgotten");
        db.ended_as(2, 0, "close-forgotten");
        db.ended_once("double-close");
        plainly().unless_eq((db.books().opened, pool.idle()), (2, 0));

        // Nor does it wait for one that will not come back.
        for last in ["discarded", "dirty", "given up"] {
            start_over();
            let db = Db::new();
            let pool = pool_of(&db, 1);
            let has = match last {
                "given up" => Err(in_line("acquire", &pool).await),
                _ => Ok(lent(&pool).await),
            };
            let goes = async {
                sleep(ms(200)).await;
                match has {
                    Ok(bad) if last == "discarded" => bad.discard(),
                    Ok(mut dirty) => drop(dirty.query("mine").now_or_never()),
                    Err(connects) => drop(connects),
                }
            };
            let mut closing = Box::pin(pool.close());
            // In this order: that something has gone is news for one who waits already.
            let closed = until_ended("close", 60, |_| "busy-wake", |cx| closing.as_mut().poll(cx));
            let closed = futures::join!(closed, goes).0.is_some();
            drop(closing);
            // If the next call finds that all is over, nobody has told this one.
            let is_over = in_time(secs(3_600), pool.close()).await.is_some();
            let check = blame("pending-without-waker").because("not-woken", &[("who", &"close")]);
            check.unless(closed || !is_over);
            plainly().because("not-ready", &[("who", &"close")]).unless(closed);
            db.nothing_open("close-forgotten");
            db.ended_once("double-close");
        }
    });
}

#[test]
fn who_connects_when_it_closes_leaves_nothing_open() {
    lab().run(async {
        pool_works().await;
        let db = Db::new();
        let pool = pool_of(&db, 1);
        let is_done = Cell::new(false);
        let connects = async {
            // Either it is told so, or it has a connection that works.
            let answer = visit(&pool).await;
            is_done.set(true);
            plainly()
                .unless(matches!(answer.as_deref(), Ok("result of mine") | Err(DbError::NotOpen)));
        };
        let closes = async {
            sleep(ms(200)).await;
            pool.close().await;
            blame("shutdown-drops-work").because("closed-too-early", &[]).unless(is_done.get());
            db.nothing_open("close-forgotten");
        };
        futures::join!(connects, closes);
        db.nothing_open("close-forgotten");
        db.ended_once("double-close");
    });
}

/// Whoever is not dropped closes all: what was idle, and what comes back.
async fn close_works() {
    let db = Db::unrecorded();
    let pool = pool_of(&db, 2);
    let (one, two) = futures::join!(lent(&pool), lent(&pool));
    drops_anywhere(one);
    let gives_back = async {
        // When the idle one has been closed, this one is still lent.
        sleep(ms(700)).await;
        drops_anywhere(two);
    };
    futures::join!(closed(&pool, &db), gives_back);
    db.nothing_open("close-forgotten");
    start_over();
}

#[test]
fn a_close_that_is_dropped_can_be_finished() {
    lab().run(async {
        pool_works().await;
        close_works().await;
        // The other call comes later, or waits already when the first one is dropped.
        for waits_already in [false, true] {
            sweep(async |cut| {
                let db = Db::new();
                let pool = pool_of(&db, 2);
                let (one, two) = futures::join!(lent(&pool), lent(&pool));
                drops_anywhere(one);
                // A task of its own, so that nobody wakes it but whom it waits for.
                let other = waits_already.then(|| closes(&pool));
                let gives_back = async {
                    sleep(ms(200)).await;
                    let early = other.as_ref().is_some_and(|other| other.is_finished());
                    blame("shutdown-drops-work").because("closed-too-early", &[]).unless(!early);
                    drops_anywhere(two);
                };
                let (closed, ()) = futures::join!(cut.run(pool.close()), gives_back);
                if cut.polls() > 0 {
                    turned_away(waits(&pool).await.map(|(lent, _)| lent));
                }
                let finished = match other {
                    Some(other) => in_time(secs(3_600), other).await.is_some(),
                    None => closed.is_some() || in_time(secs(3_600), pool.close()).await.is_some(),
                };
                let check = if closed.is_some() { plainly() } else { blame("cancel-tears-state") };
                check.because("not-ready", &[("who", &"close")]).unless(finished);
                db.nothing_open("cancel-tears-state");
                db.ended_once("double-close");
            })
            .await;
        }
    });
}

#[test]
fn every_close_returns_when_all_is_over() {
    lab().run(async {
        pool_works().await;
        // One of them will not be closed; that must not keep the other from it.
        let db = Db::new();
        let pool = pool_of(&db, 2);
        drop(futures::join!(lent(&pool), lent(&pool)));
        db.fail_next_close();
        closed(&pool, &db).await;
        db.nothing_open("close-forgotten");
        db.ended_as(1, 1, "close-forgotten");

        let db = Db::new();
        let pool = pool_of(&db, 3);
        drop(futures::join!(lent(&pool), lent(&pool), lent(&pool)));
        let closed_later = async || {
            sleep(ms(100)).await;
            closed(&pool, &db).await
        };
        let left = futures::join!(closed(&pool, &db), closed_later(), closed_later());
        db.nothing_open("close-forgotten");
        db.ended_as(3, 0, "close-forgotten");
        db.ended_once("double-close");
        for count in [left.0, left.1, left.2] {
            plainly().because("closed-with-open", &[("count", &count)]).unless(count == 0);
        }
        let (_, time) = timed(pool.close()).await;
        plainly().unless_eq(time, Duration::ZERO);
    });
}

/// Calls close in a task of its own.
fn closes(pool: &Arc<Pool>) -> JoinHandle<()> {
    let its = pool.clone();
    tokio::spawn(async move { its.close().await })
}

/// Calls close, and tells how many sessions are open when that returns.
async fn closed(pool: &Pool, db: &Db) -> usize {
    let ended = in_time(secs(3_600), pool.close()).await.is_some();
    plainly().because("not-ready", &[("who", &"close")]).unless(ended);
    db.books().open
}
