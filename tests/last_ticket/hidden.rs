//! The rest of the contract: buyers beside each other, buyers who go away, other
//! threads.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use exercise::last_ticket::{Inventory, NoTicket, Ticket};
use futures::FutureExt;
use futures::executor::block_on;
use kit::{Log, blame, collide, plainly, race, require_send, secs, span, sweep, timed, took};
use tokio::join;
use tokio::time::sleep;

use crate::visible::{Bank, bank, comes_back, finds_none, free, has_one, reserve, told, watched};

#[test]
fn all_banks_are_asked_at_once() {
    watched().run(async {
        let (inventory, asked) = (Inventory::new(4), Log::new());
        let buyers = async {
            join!(
                reserve(&inventory, bank(&asked, "Ada", 3, true)),
                reserve(&inventory, bank(&asked, "Bob", 2, false)),
                reserve(&inventory, bank(&asked, "Cid", 1, true)),
            )
        };
        let ((ada, bob, cid), time) = timed(buyers).await;
        has_one(&ada, 3);
        plainly().unless_eq(told(&bob), Err(NoTicket::Declined));
        has_one(&cid, 1);
        took(time).should_be(secs(3));
        free(&inventory, 2, "two of four were handed out, and one bank had said no", plainly());
    });
}

#[test]
fn what_is_put_aside_is_not_free() {
    watched().run(async {
        let (inventory, asked) = (Inventory::new(2), Log::new());
        let looks = async {
            free(&inventory, 1, "one of two was put aside", plainly());
            sleep(secs(1)).await;
            free(&inventory, 1, "one of two was put aside", plainly());
        };
        let (ada, ()) = join!(reserve(&inventory, bank(&asked, "Ada", 2, true)), looks);
        has_one(&ada, 2);
        free(&inventory, 1, "it was handed out", plainly());
        // A bank is awaited right here, so it may borrow from its buyer.
        let says = true;
        let bob = inventory.reserve(async { says }).await; // gate: borrow-into-spawn
        plainly().unless(bob.is_ok());
    });
}

#[test]
fn who_comes_too_late_is_told_at_once() {
    watched().run(async {
        let (none, asked) = (Inventory::new(0), Log::new());
        finds_none("Ada", &reserve(&none, bank(&asked, "Ada", 1, true)).await, &asked);
        free(&none, 0, "there was none", plainly());

        let one = Inventory::new(1);
        let held = reserve(&one, bank(&asked, "Bob", 1, true)).await;
        has_one(&held, 1);
        // It may come back one day. That is no reason to wait for it.
        finds_none("Cid", &reserve(&one, bank(&asked, "Cid", 1, true)).await, &asked);
        drop(held);
        let again = reserve(&one, bank(&asked, "Dot", 1, true)).await;
        has_one(&again, 1);
        again.0.into_iter().for_each(Ticket::buy);
        finds_none("Eve", &reserve(&one, bank(&asked, "Eve", 1, true)).await, &asked);
        free(&one, 0, "it was sold", plainly());
    });
}

#[test]
fn a_buyer_who_goes_away_leaves_no_gap() {
    watched().run(async {
        sweep(async |cut| {
            let (inventory, asked) = (Inventory::new(2), Log::new());
            let thoughts = [1, 1].map(|seconds| bank(&asked, "Ada", seconds, true));
            let thinks_twice: Bank = Box::pin(async {
                let [first, second] = thoughts;
                first.await && second.await
            });
            let reserved = cut.run(reserve(&inventory, thinks_twice)).await;
            match reserved {
                None => {
                    let torn = blame("cancel-tears-state");
                    comes_back(&inventory, 2, "the buyer had gone away", torn).await;
                }
                Some(got) => {
                    has_one(&got, 2);
                    free(&inventory, 1, "one of two was handed out", plainly());
                    drop(got);
                    free(&inventory, 2, "it was dropped", plainly());
                }
            }
        })
        .await;
    });
}

#[test]
fn a_bank_that_panics_leaves_no_gap() {
    watched().run(async {
        let (inventory, asked) = (Inventory::new(1), Log::new());
        let broken: Bank = Box::pin(async {
            let _span = span("broken bank");
            sleep(secs(1)).await;
            panic!("no connection");
        });
        // Whether the buyer hears the panic or a no is not promised.
        let broken = AssertUnwindSafe(reserve(&inventory, broken)).catch_unwind().await;
        plainly().unless(!broken.is_ok_and(|got| told(&got).is_ok()));
        let torn = blame("cancel-tears-state");
        comes_back(&inventory, 1, "a bank had panicked", torn).await;
        has_one(&reserve(&inventory, bank(&asked, "Ada", 1, true)).await, 1);
        free(&inventory, 1, "the next one was dropped", plainly());
    });
}

#[test]
fn nothing_is_put_aside_before_the_first_poll() {
    watched().run(async {
        let (inventory, asked) = (Inventory::new(1), Log::new());
        free(&inventory, 1, "nothing at all", plainly());
        let later = reserve(&inventory, bank(&asked, "Ada", 1, true));
        let never = inventory.reserve(bank(&asked, "Bob", 1, true));
        free(&inventory, 1, "two calls that nobody has polled", blame("eager-before-poll"));
        drop(never);
        free(&inventory, 1, "one of them was dropped", blame("eager-before-poll"));
        has_one(&later.await, 1);
        free(&inventory, 1, "the other one was polled, and its ticket dropped", plainly());
    });
}

/// A right answer collides as often in a few milliseconds.
const TURNS: usize = 300;

/// So many pairs are a round.
const ROUND: usize = 1_000;

#[test]
fn buyers_on_two_threads_share_no_ticket() {
    watched().run_sync(|| {
        race(TURNS, &mut || {
            let shops = (0..ROUND).map(|_| {
                let shop = Arc::new(Inventory::new(1));
                (shop.clone(), shop)
            });
            let buys = |shop: Arc<Inventory>| {
                let yes: Bank = Box::pin(async { true });
                let ticket = block_on(shop.reserve(yes));
                let has = ticket.is_ok();
                ticket.into_iter().for_each(Ticket::buy);
                (has, shop)
            };
            let played = collide(shops, buys, buys);
            let both = played.iter().filter(|((left, _), (right, _))| *left && *right).count();
            plainly().because("sold-twice", &[("count", &both), ("of", &ROUND)]).unless(both == 0);
            let none = played.iter().filter(|((left, _), (right, _))| !left && !right).count();
            plainly()
                .because("sold-to-none", &[("count", &none), ("of", &ROUND)])
                .unless(none == 0);
            let left_over: u32 = played.iter().map(|((_, shop), _)| shop.available()).sum();
            plainly().unless_eq(left_over, 0);
            played.into_iter().map(|((left, _), _)| left).collect()
        });
    });
}

/// Of these, two threads take as many as they can get.
const STOCK: u32 = 2;

#[test]
fn what_two_threads_take_and_drop_comes_back() {
    watched().run_sync(|| {
        race(TURNS, &mut || {
            let shops = (0..ROUND).map(|_| {
                let shop = Arc::new(Inventory::new(STOCK));
                (shop.clone(), shop)
            });
            let takes_all = |shop: Arc<Inventory>| {
                // Who asks once more than there are is told so, and has changed nothing.
                let tickets: Vec<_> = (0..=STOCK)
                    .map_while(|_| {
                        let yes: Bank = Box::pin(async { true });
                        block_on(shop.reserve(yes)).ok()
                    })
                    .collect();
                let (taken, left_over) = (tickets.len(), shop.available());
                drop(tickets);
                (taken, left_over, shop)
            };
            let played = collide(shops, takes_all, takes_all);
            for ((_, left, shop), (_, right, _)) in &played {
                let most = left.max(right);
                plainly()
                    .because(
                        "tickets-free",
                        &[
                            ("after", &"a thread had taken what there was"),
                            ("count", most),
                            ("expected", &format!("at most {STOCK}")),
                        ],
                    )
                    .unless(*most <= STOCK);
                free(shop, STOCK, "two threads had dropped what they had taken", plainly());
            }
            played.into_iter().map(|((left, ..), (right, ..))| left > right).collect()
        });
    });
}

#[test]
fn a_ticket_may_be_given_up_on_another_thread() {
    watched().run(async {
        let (inventory, asked) = (Inventory::new(2), Log::new());
        let ada = reserve(&inventory, bank(&asked, "Ada", 1, true)).await;
        let bob = reserve(&inventory, bank(&asked, "Bob", 1, true)).await;
        require_send(&ada.0); // gate: non-send-across-await
        let told = std::thread::scope(|scope| {
            let elsewhere = scope.spawn(|| {
                ada.0.into_iter().for_each(Ticket::buy);
                drop(bob);
                inventory.available()
            });
            elsewhere.join()
        });
        plainly().unless_eq(told.ok(), Some(1));
    });
}
