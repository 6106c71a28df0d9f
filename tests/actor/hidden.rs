//! The rest of the contract: who may leave when, what a full mailbox means, and
//! who hears that it is over.

use std::task::Waker;

use exercise::actor::{Bank, Ledger};
use futures::future::{LocalBoxFuture, join_all};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use kit::{
    Blame, alive_tasks, blame, in_time, ms, no_tasks_left, plainly, poll_with, require_send,
    require_static, require_sync, secs, stays_asleep, sweep, tell_panic,
};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::visible::{balances, closed, died_of, open, watched};

#[test]
fn a_caller_who_leaves_is_nobody_elses_trouble() {
    watched().run(async {
        for which in 0..3 {
            sweep(async |cut| {
                let (bank, task) = with_money().await;
                let _answered = match which {
                    0 => cut.run(bank.deposit("ada", 1)).await.is_some(),
                    1 => cut.run(bank.transfer("ada", "ben", 1)).await.is_some(),
                    _ => cut.run(bank.total()).await.is_some(),
                };
                sleep(ms(1)).await;
                if task.is_finished() {
                    died_of("actor-dies-on-lost-reply", task);
                }
                plainly().unless_eq(bank.deposit("cem", 3).await, Ok(3));
            })
            .await;
        }
    });
}

#[test]
fn a_transfer_is_whole_or_not_at_all() {
    watched().run(async {
        sweep(async |cut| {
            let (bank, task) = with_money().await;
            cut.run(bank.transfer("ada", "ben", 30)).await;
            sleep(ms(1)).await;
            drop(bank);
            let ledger = closed(task).await;
            let found = (ledger.balance("ada"), ledger.balance("ben"));
            blame("cancel-tears-state").unless(found == (100, 50) || found == (70, 80));
        })
        .await;
    });
}

#[test]
fn no_money_is_ever_on_its_way() {
    watched().run(async {
        let (bank, _task) = with_money().await;
        let moves = async {
            for _ in 0..50 {
                plainly().unless_eq(bank.transfer("ada", "ben", 1).await, Ok(()));
            }
        };
        let looks = async {
            for _ in 0..10 {
                blame("read-await-write").unless_eq(bank.total().await, Ok(150));
            }
        };
        tokio::join!(moves, looks);
        plainly().unless_eq(balances(&bank).await, [50, 100]);
    });
}

#[test]
fn many_may_pay_in_at_once() {
    watched().run(async {
        let (bank, task) = open(3);
        let deposits = (0..10).map(|_| bank.deposit("ada", 1));
        let found = join_all(deposits).await;
        let mut found: Vec<_> = found.into_iter().map(|found| found.expect("it is open")).collect();
        found.sort_unstable();
        blame("read-await-write").unless_eq(found, Vec::from_iter(1..=10));
        drop(bank);
        plainly().unless_eq(closed(task).await.balance("ada"), 10);
    });
}

#[test]
fn a_full_mailbox_lets_callers_wait() {
    watched().run(async {
        for places in [2, 4] {
            let (bank, _task) = open(places);
            sleep(ms(1)).await;
            let tasks = alive_tasks();
            let mut callers: Vec<_> = (0..6).map(|_| Box::pin(bank.deposit("ada", 1))).collect();
            // The bank has no turn in between, so all of this is in its mailbox, or waits.
            for caller in &mut callers {
                plainly().unless(poll_with(caller.as_mut(), Waker::noop()).is_pending());
            }
            blame("dropped-handle-detaches").unless_eq(alive_tasks(), tasks);
            // Nobody who waits for a place is polled again.
            sleep(ms(1)).await;
            drop(callers);
            let carried_out = bank.total().await.expect("it is open");
            blame("unbounded-queue").unless(carried_out <= places as u64);
            plainly().unless_eq(carried_out, places as u64);
        }
        // Who has sent an order and leaves does not take it along: its place is taken.
        let (bank, _task) = open(2);
        for _ in 0..20 {
            let mut caller = Box::pin(bank.deposit("ada", 1));
            plainly().unless(poll_with(caller.as_mut(), Waker::noop()).is_pending());
        }
        let carried_out = bank.total().await.expect("it is open");
        blame("unbounded-queue").unless(carried_out <= 2);
    });
}

#[test]
fn who_waits_for_a_place_is_woken() {
    watched().run(async {
        // With the second one the place goes that it has just been given.
        for (leaves, pitfall) in [(false, "single-waker-slot"), (true, "cancel-tears-state")] {
            let (bank, _task) = open(1);
            // Each is polled when its own waker is called, and never otherwise.
            let mut callers: Vec<_> =
                (0..4).map(|_| FuturesUnordered::from_iter([asks(&bank, Kind::Deposit)])).collect();
            for caller in &mut callers {
                plainly().unless(caller.next().now_or_never().is_none());
            }
            sleep(ms(1)).await;
            if leaves {
                drop(callers.remove(1));
            }
            let answers = join_all(callers.iter_mut().map(|caller| caller.next()));
            let answers = in_time(secs(3_600), answers).await;
            blame(pitfall).unless(answers.is_some());
        }
    });
}

#[test]
fn who_came_first_is_served_first() {
    watched().run(async {
        let (bank, _task) = open(1);
        let mut callers = [1, 2, 4].map(|amount| Box::pin(bank.deposit("ada", amount)));
        for caller in &mut callers {
            plainly().unless(poll_with(caller.as_mut(), Waker::noop()).is_pending());
        }
        // From now on whoever came last is polled first.
        callers.reverse();
        let found = join_all(callers).await;
        let check = if found.contains(&Ok(7)) { mixed_up() } else { plainly() };
        check.unless_eq(found, [7, 3, 1].map(Ok));
        let orders = [
            ([Kind::Deposit, Kind::Transfer, Kind::Total], ["Ok(9)", "Ok(())", "Ok(9)"]),
            ([Kind::Total, Kind::Transfer, Kind::Deposit], ["Ok(0)", "Err(TooLittle)", "Ok(9)"]),
        ];
        for (kinds, wanted) in orders {
            let (bank, _task) = open(1);
            for (kind, wanted) in kinds.iter().zip(wanted) {
                plainly().unless_eq(asks(&bank, *kind).await, wanted);
            }
            // Several times, as an order in which they are taken by chance is right now and
            // then.
            for mailbox in [1, 4].repeat(10) {
                mixed_up().unless_eq(in_turn(mailbox, kinds).await, wanted);
            }
        }
    });
}

#[test]
fn it_ends_when_nobody_can_ask_any_more() {
    watched().run(async {
        let (bank, task) = open(2);
        let another = bank.clone();
        plainly().unless_eq(bank.deposit("ada", 1).await, Ok(1));
        drop(bank);
        sleep(secs(10)).await;
        plainly().unless(!task.is_finished());
        // The last one is in the hands of a caller who waits for a reply.
        let mut last = Box::pin(async move { another.deposit("ada", 5).await });
        plainly().unless(poll_with(last.as_mut(), Waker::noop()).is_pending());
        plainly().unless_eq(last.await, Ok(6));
        plainly().unless_eq(closed(task).await.total(), 6);
        no_tasks_left("dropped-handle-detaches");
    });
}

#[test]
fn a_bank_that_is_aborted_is_gone_for_everybody() {
    watched().run(async {
        let (unborn, never_began);
        let (bank, task) = open(3);
        plainly().unless_eq(bank.deposit("ada", 20).await, Ok(20));
        // Three kinds wait for a reply, and the same three for a place.
        let mut callers: Vec<_> = KINDS.repeat(2).iter().map(|kind| asks(&bank, *kind)).collect();
        for caller in &mut callers {
            plainly().unless(poll_with(caller.as_mut(), Waker::noop()).is_pending());
        }
        task.abort();
        sleep(ms(1)).await;
        no_tasks_left("dropped-handle-detaches");
        // And these come later.
        callers.extend(KINDS.map(|kind| asks(&bank, kind)));
        // Another bank is gone before it has had a turn.
        (unborn, never_began) = open(1);
        callers.extend(KINDS.map(|kind| asks(&unborn, kind)));
        for caller in &mut callers[9..11] {
            plainly().unless(poll_with(caller.as_mut(), Waker::noop()).is_pending());
        }
        never_began.abort();
        sleep(ms(1)).await;
        for caller in callers {
            let Some(heard) = in_time(secs(3_600), caller).await else {
                blame("swallowed-join-error").now()
            };
            plainly().unless_eq(heard, "Err(BankGone)");
        }
    });
}

#[test]
fn an_order_is_given_when_it_is_polled() {
    watched().run(async {
        let (bank, _task) = open(4);
        let unpolled = bank.deposit("ada", 7);
        sleep(ms(1)).await;
        let total = bank.total().await;
        if total.is_err() {
            tell_panic();
        }
        blame("eager-before-poll").unless(total != Ok(7));
        plainly().unless_eq(total, Ok(0));
        plainly().unless_eq(unpolled.await, Ok(7));
    });
}

#[test]
fn it_sleeps_while_nobody_asks() {
    watched().run(async {
        let (bank, _task) = open(4);
        plainly().unless_eq(bank.deposit("ada", 7).await, Ok(7));
        stays_asleep().await;
        plainly().unless_eq(bank.total().await, Ok(7));
    });
}

#[test]
fn tasks_may_share_it() {
    watched().run(async {
        let (bank, _task) = open(4);
        require_static(&bank); // gate: non-send-across-await
        require_sync(&bank); // gate: non-send-across-await
        require_send(&bank.deposit("ada", 1)); // gate: non-send-across-await
        require_send(&bank.transfer("ada", "ben", 1)); // gate: non-send-across-await
        require_send(&bank.total()); // gate: non-send-across-await
        plainly().unless_eq(bank.deposit("ada", 1).await, Ok(1));
    });
}

/// What it means that an order was carried out before one that came earlier.
fn mixed_up() -> Blame {
    blame("result-order-mixup")
}

/// A bank in which Ada has 100 and Ben has 50, and where all requests have worked.
async fn with_money() -> (Bank, JoinHandle<Ledger>) {
    let (bank, task) = open(2);
    plainly().unless_eq(bank.deposit("ada", 110).await, Ok(110));
    plainly().unless_eq(bank.deposit("ben", 40).await, Ok(40));
    plainly().unless_eq(bank.transfer("ada", "ben", 10).await, Ok(()));
    plainly().unless_eq(bank.total().await, Ok(150));
    (bank, task)
}

#[derive(Clone, Copy)]
enum Kind {
    Deposit,
    Transfer,
    Total,
}

const KINDS: [Kind; 3] = [Kind::Deposit, Kind::Transfer, Kind::Total];

/// An order of this kind, with nine to pay in or to move; its reply in words.
fn asks(bank: &Bank, kind: Kind) -> LocalBoxFuture<'_, String> {
    Box::pin(async move {
        match kind {
            Kind::Deposit => format!("{:?}", bank.deposit("ada", 9).await),
            Kind::Transfer => format!("{:?}", bank.transfer("ada", "ben", 9).await),
            Kind::Total => format!("{:?}", bank.total().await),
        }
    })
}

/// The replies of a new bank to orders that came in this order. Whoever came last
/// is polled first afterwards.
async fn in_turn(mailbox: usize, kinds: [Kind; 3]) -> Vec<String> {
    let (bank, _task) = open(mailbox);
    let mut callers = kinds.map(|kind| asks(&bank, kind));
    for caller in &mut callers {
        plainly().unless(poll_with(caller.as_mut(), Waker::noop()).is_pending());
    }
    callers.reverse();
    let mut replies = join_all(callers).await;
    replies.reverse();
    replies
}
