//! The rest of the contract: who leaves, who waits, who asks twice, what breaks, and the end.

use std::sync::Arc;
use std::time::Duration;

use exercise::ticket_service::{Reply, Request, Rules, Service};
use futures::future::join_all;
use futures::join;
use kit::{
    alive_tasks, blame, in_time, ms, no_tasks_left, no_tasks_were_left, plainly, require_send,
    require_sync, run, secs, start_over, stays_asleep, tell_panic, timed, took,
};
use tokio::time::sleep;

use crate::visible::Fault::{Fails, Panics, Takes};
use crate::visible::{
    Db, LATER, READ, RULES, a_moment, asked, asked_or, change, create, is_ticket, replied, started,
    ticket,
};

/// A service with one ticket, `tea`.
async fn with_tea(rules: Rules) -> (Service<Db>, Db) {
    let (service, db) = started(rules);
    asked(&service, create("tea", "tea"), is_ticket(1, 1, "tea")).await;
    // The picture is of what comes now.
    start_over();
    (service, db)
}

/// A client asks, and leaves so much later, without a reply.
async fn leaves(service: &Service<Db>, request: Request, later: Duration) {
    plainly().unless(in_time(later, service.handle(request)).await.is_none());
}

/// A client has asked to change the tea, and has left. It is changed all the same.
async fn is_changed_all_the_same(service: &Service<Db>, db: &Db) {
    sleep(secs(15)).await;
    blame("handler-cancelled-on-disconnect").unless(!db.is_torn());
    match replied(service, READ).await {
        Some(Reply::Issue(ticket)) => {
            blame("handler-cancelled-on-disconnect").unless_eq(ticket.version, 2);
        }
        // Nobody is there any more.
        reply => blame("actor-dies-on-lost-reply").unless_eq(reply, Some(is_ticket(1, 2, ""))),
    }
    // The next one finds a database without a transaction.
    let next = replied(service, change(1, 2, "water")).await;
    blame("handler-cancelled-on-disconnect").unless_eq(next, Some(is_ticket(1, 3, "water")));
}

/// What each test asks first that is about something else, so that an answer is told of
/// its first mistake, and not of what follows from it.
async fn clients_may_leave() {
    let (service, db) = with_tea(RULES).await;
    leaves(&service, change(1, 1, "milk"), ms(1_500)).await;
    is_changed_all_the_same(&service, &db).await;
    drop(service);
    start_over();
}

#[test]
fn a_client_may_leave_at_any_time() {
    run(async {
        for at in [ms(500), ms(1_500), ms(2_500), ms(3_500)] {
            let (service, db) = with_tea(RULES).await;
            leaves(&service, change(1, 1, "milk"), at).await;
            is_changed_all_the_same(&service, &db).await;
        }
        // Also while others are before it.
        let (service, db) = with_tea(RULES).await;
        db.next("read", Takes(secs(10)));
        let waits = async {
            a_moment().await;
            leaves(&service, change(1, 1, "milk"), secs(5)).await;
        };
        join!(service.handle(READ), waits);
        is_changed_all_the_same(&service, &db).await;
    });
}

#[test]
fn two_change_the_same_version() {
    run(async {
        clients_may_leave().await;
        for apart in [0, 1_500] {
            let (service, _db) = with_tea(RULES).await;
            let one = replied(&service, change(1, 1, "milk"));
            let other = async {
                sleep(ms(apart)).await;
                replied(&service, change(1, 1, "water")).await
            };
            let replies = <[_; 2]>::from(join!(one, other)).map(|reply| reply.expect("a reply"));
            let changed = |reply: &Reply| matches!(reply, Reply::Issue(_));
            blame("read-await-write").unless(!replies.iter().all(changed));
            // The one that came first.
            let [first, second] = replies;
            plainly().unless_eq(first, is_ticket(1, 2, "milk"));
            plainly().unless_eq(second, Reply::Conflict(ticket(1, 2, "milk")));
        }
    });
}

#[test]
fn requests_have_their_turns_in_order() {
    run(async {
        let (service, db) = started(RULES);
        let all = (0..5).map(|number| {
            let service = &service;
            async move {
                sleep(ms(10 * number)).await;
                let title = number.to_string();
                replied(service, create(&title, &title)).await
            }
        });
        let (replies, time) = timed(join_all(all)).await;
        let expected = (0..5).map(|number| Some(is_ticket(number + 1, 1, &number.to_string())));
        plainly().unless_eq(replies, expected.collect::<Vec<_>>());
        // Each call takes a second, and there is no time between them.
        plainly().unless_eq(time, secs(db.did.lines().len() as u64));
        // Whatever it is that they ask for.
        let (service, db) = with_tea(RULES).await;
        db.next("read", Takes(secs(10)));
        let changes = async {
            sleep(ms(1)).await;
            asked(&service, change(1, 1, "milk"), is_ticket(1, 2, "milk")).await;
        };
        let reads = async {
            sleep(ms(2)).await;
            asked(&service, READ, is_ticket(1, 2, "milk")).await;
        };
        join!(asked(&service, READ, is_ticket(1, 1, "tea")), changes, reads);
    });
}

#[test]
fn too_many_are_turned_away() {
    run(async {
        clients_may_leave().await;
        let rules = Rules { waiting: 3, ..RULES };
        let (service, db) = with_tea(rules).await;
        let reads = || db.did.lines().iter().filter(|call| *call == "read").count();
        let before = reads();
        db.next("read", Takes(secs(100)));
        let first = async {
            asked(&service, READ, is_ticket(1, 1, "tea")).await;
            a_moment().await;
            // It is ready, and one has the database. So there is a place again.
            asked(&service, READ, is_ticket(1, 1, "tea")).await;
        };
        let waiting = (1..=3).map(|number| {
            let service = &service;
            async move {
                sleep(ms(number)).await;
                asked(service, READ, is_ticket(1, 1, "tea")).await;
            }
        });
        let too_many = async {
            for second in [1, 50] {
                sleep(secs(second)).await;
                let reply = in_time(ms(500), service.handle(READ)).await;
                blame("unbounded-queue").unless_eq(reply, Some(Reply::Busy));
            }
        };
        join!(first, join_all(waiting), too_many);
        plainly().unless_eq(reads() - before, 1 + 3 + 1);
        // The requests of those who have left wait as well.
        let (service, db) = with_tea(rules).await;
        db.next("read", Takes(secs(100)));
        let leaving = (0..=3).map(|number| {
            let service = &service;
            async move {
                sleep(ms(number)).await;
                leaves(service, READ, secs(1)).await;
            }
        });
        join_all(leaving).await;
        let reply = in_time(ms(500), service.handle(READ)).await;
        blame("unbounded-queue").unless_eq(reply, Some(Reply::Busy));
        // Who was turned away may come again, with the same key.
        asked(&service, create("milk", "milk"), Reply::Busy).await;
        sleep(secs(100) + LATER).await;
        asked(&service, create("milk", "milk"), is_ticket(2, 1, "milk")).await;
    });
}

#[test]
fn late_is_told_in_time() {
    run(async {
        clients_may_leave().await;
        let rules = Rules { patience: secs(5), ..RULES };
        let (service, db) = with_tea(rules).await;
        db.next("update", Takes(secs(30)));
        let (reply, time) = timed(replied(&service, change(1, 1, "milk"))).await;
        plainly().unless_eq(reply, Some(Reply::Late));
        plainly().unless_eq(time, rules.patience);
        sleep(LATER).await;
        blame("timeout-wrong-scope").unless(!db.is_torn());
        asked_or(&service, READ, is_ticket(1, 2, "milk"), blame("timeout-wrong-scope")).await;
        // The time that one waits for its turn counts as well.
        start_over();
        db.next("read", Takes(secs(30)));
        let waits = async {
            a_moment().await;
            timed(replied(&service, change(1, 2, "water"))).await
        };
        let (first, (reply, time)) = join!(replied(&service, READ), waits);
        plainly().unless_eq(first, Some(Reply::Late));
        took(time).slower_means("timeout-wrong-scope").should_be(rules.patience);
        plainly().unless_eq(reply, Some(Reply::Late));
        sleep(LATER).await;
        asked_or(&service, READ, is_ticket(1, 3, "water"), blame("timeout-wrong-scope")).await;
    });
}

#[test]
fn a_key_is_carried_out_once() {
    run(async {
        clients_may_leave().await;
        let once = || blame("attempt-overlap");
        let (service, db) = with_tea(RULES).await;
        asked(&service, change(1, 1, "green tea"), is_ticket(1, 2, "green tea")).await;
        // Long after, and at the same moment.
        asked_or(&service, create("tea", "tea"), is_ticket(1, 1, "tea"), once()).await;
        let milk = || asked_or(&service, create("milk", "milk"), is_ticket(2, 1, "milk"), once());
        let later = async {
            sleep(ms(1_500)).await;
            milk().await;
        };
        join!(milk(), milk(), later);
        once().unless_eq(db.titles(), ["green tea", "milk"]);
        // The title does not make it the same, nor another one.
        asked(&service, create("more milk", "milk"), is_ticket(3, 1, "milk")).await;
        asked_or(&service, create("milk", "oat milk"), is_ticket(2, 1, "milk"), once()).await;
    });
}

#[test]
fn who_does_not_know_whether_it_was_heard_asks_again() {
    run(async {
        clients_may_leave().await;
        let once = || blame("attempt-overlap");
        for again in [ms(1), secs(60)] {
            // One has left.
            let (service, db) = with_tea(RULES).await;
            leaves(&service, create("milk", "milk"), ms(1_500)).await;
            sleep(again).await;
            asked_or(&service, create("milk", "milk"), is_ticket(2, 1, "milk"), once()).await;
            once().unless_eq(db.titles(), ["tea", "milk"]);
            // One was told that it is late.
            let (service, db) = with_tea(Rules { patience: secs(10), ..RULES }).await;
            db.next("insert", Takes(secs(9)));
            asked(&service, create("milk", "milk"), Reply::Late).await;
            sleep(again).await;
            asked_or(&service, create("milk", "milk"), is_ticket(2, 1, "milk"), once()).await;
            once().unless_eq(db.titles(), ["tea", "milk"]);
        }
    });
}

/// The database fails or panics, and that is told.
async fn breaks(service: &Service<Db>, request: Request) {
    let reply = replied(service, request).await;
    blame("one-failure-kills-all").unless(reply.is_some());
    plainly().unless_eq(reply, Some(Reply::Broken));
}

#[test]
fn what_breaks_is_one_request() {
    run(async {
        clients_may_leave().await;
        let alone = || blame("one-failure-kills-all");
        for fault in [Fails, Panics] {
            for call in ["begin", "read", "update", "commit"] {
                let (service, db) = with_tea(RULES).await;
                db.next(call, fault);
                let breaks = breaks(&service, change(1, 1, "milk"));
                // One waits, and one comes later.
                let waits = async {
                    a_moment().await;
                    asked_or(&service, change(1, 1, "water"), is_ticket(1, 2, "water"), alone())
                        .await;
                };
                join!(breaks, waits);
                asked_or(&service, change(1, 2, "juice"), is_ticket(1, 3, "juice"), alone()).await;
                plainly().unless_eq(db.titles(), ["juice"]);
            }
            for call in ["begin", "insert", "commit"] {
                let (service, db) = with_tea(RULES).await;
                db.next(call, fault);
                breaks(&service, create("milk", "milk")).await;
                plainly().unless_eq(db.titles(), ["tea"]);
                // That key was not carried out.
                let again = create("milk", "milk");
                asked_or(&service, again, is_ticket(2, 1, "milk"), alone()).await;
                plainly().unless_eq(db.titles(), ["tea", "milk"]);
                // Nor is it for one that waits already.
                db.next(call, fault);
                let waits = async {
                    a_moment().await;
                    let again = create("juice", "juice");
                    asked_or(&service, again, is_ticket(3, 1, "juice"), alone()).await;
                };
                join!(breaks(&service, create("juice", "juice")), waits);
            }
            let (service, db) = with_tea(RULES).await;
            db.next("read", fault);
            breaks(&service, READ).await;
            asked_or(&service, READ, is_ticket(1, 1, "tea"), alone()).await;
        }
    });
}

/// Closes it, and tells how many tasks there are at this moment.
async fn closed(service: &Service<Db>) -> usize {
    let ended = in_time(secs(3_600), service.close()).await;
    let left = alive_tasks();
    if ended.is_none() {
        tell_panic();
    }
    plainly().because("does-not-end", &[]).unless(ended.is_some());
    left
}

#[test]
fn close_waits_for_what_was_taken_in() {
    run(async {
        clients_may_leave().await;
        let (service, db) = with_tea(RULES).await;
        let before = db.did.lines().len();
        let done = || blame("shutdown-drops-work");
        let titles = [&["tea", "gone"][..], &["more"; 17]].concat();
        let works = async {
            let left = leaves(&service, create("gone", "gone"), ms(200));
            // So many that whoever leaves it to chance does not get through.
            let many = join_all((3..20).map(|id| {
                let (service, name) = (&service, id.to_string());
                async move {
                    sleep(ms(10 * id)).await;
                    asked_or(service, create(&name, "more"), is_ticket(id, 1, "more"), done())
                        .await;
                }
            }));
            join!(left, many);
        };
        let closes = async {
            // At a moment when nobody looks who looks every now and then.
            sleep(ms(503)).await;
            let close = async {
                let (left, time) = timed(closed(&service)).await;
                done().unless_eq(db.titles(), titles);
                // Each call takes a second. It was called in the middle of the first.
                let calls = db.did.lines().len() - before;
                let expected = secs(calls as u64) - ms(503);
                blame("busy-wake").unless(time <= expected || time >= expected + ms(500));
                plainly().unless_eq(time, expected);
                no_tasks_were_left(left).await;
            };
            // From the call on, and as long as it takes.
            let late = async {
                for time in [0, 3_000] {
                    sleep(ms(time)).await;
                    let reply = in_time(ms(500), service.handle(READ)).await;
                    plainly().unless_eq(reply, Some(Reply::Busy));
                }
            };
            join!(close, late);
        };
        join!(works, closes);
        // Whatever it is, and however well it is known.
        for request in [READ, create("gone", "gone")] {
            plainly().unless_eq(service.handle(request).await, Reply::Busy);
        }
    });
}

#[test]
fn close_may_be_called_at_any_time() {
    run(async {
        clients_may_leave().await;
        let ends = async |service: &Service<Db>| no_tasks_were_left(closed(service).await).await;
        // With nothing to do, twice at once, and once more.
        let (service, _db) = with_tea(RULES).await;
        let ((), time) = timed(ends(&service)).await;
        plainly().unless_eq(time, secs(0));
        join!(ends(&service), ends(&service));
        let (service, db) = started(RULES);
        let works = asked(&service, create("tea", "tea"), is_ticket(1, 1, "tea"));
        let closes = async {
            a_moment().await;
            // This one is dropped.
            plainly().unless(in_time(ms(500), service.close()).await.is_none());
            plainly().unless_eq(service.handle(READ).await, Reply::Busy);
            join!(ends(&service), ends(&service));
            plainly().unless_eq(db.titles(), ["tea"]);
        };
        join!(works, closes);
        drop(service);
    });
}

#[test]
fn dropped_it_leaves_nothing() {
    run(async {
        let (service, db) = with_tea(RULES).await;
        db.next("read", Takes(secs(10)));
        let changes = leaves(&service, change(1, 1, "milk"), secs(1));
        join!(changes, leaves(&service, READ, secs(1)));
        drop(service);
        sleep(LATER).await;
        no_tasks_left("dropped-handle-detaches");
    });
}

#[test]
fn while_nobody_asks_it_sleeps() {
    run(async {
        let (service, db) = with_tea(RULES).await;
        db.next("read", Takes(secs(60)));
        let asleep = async {
            a_moment().await;
            // With one request under way, and one that waits.
            stays_asleep().await;
        };
        join!(service.handle(READ), service.handle(READ), asleep);
        stays_asleep().await;
        asked(&service, READ, is_ticket(1, 1, "tea")).await;
    });
}

#[test]
fn tasks_may_share_a_service() {
    run(async {
        let (service, _db) = with_tea(RULES).await;
        let service = Arc::new(service);
        let handles = [(); 2].map(|()| {
            let service = service.clone();
            let handles = async move { service.handle(READ).await };
            require_send(&handles); // gate: non-send-across-await
            tokio::spawn(handles)
        });
        for handle in handles {
            let reply = handle.await;
            if reply.is_err() {
                tell_panic();
            }
            plainly().unless_eq(reply.ok(), Some(is_ticket(1, 1, "tea")));
        }
        require_sync(&*service); // gate: non-send-across-await
        let close = service.close();
        require_send(&close); // gate: non-send-across-await
        close.await;
    });
}
