//! The rest of the contract: when a body runs, what becomes of a value, who is woken,
//! what comes at the end, and what a drop takes along.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use exercise::yielder::{Yielder, generator};
use futures::{Stream, StreamExt, poll};
use kit::{
    Log, Tally, blame, counting_waker, gate, mock_stream, ms, plainly, poll_with, require_send,
    secs, strict, timed,
};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use crate::visible::{Body, WHO, ends, numbers, there, waits, watched};

#[test]
fn nothing_runs_before_it_is_asked_for() {
    watched().run(async {
        let log = Log::new();
        let seen = log.clone();
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                log.add("runs");
                y.emit(1).await;
            })
        });
        sleep(secs(1)).await;
        blame("eager-before-poll").unless_eq(seen.lines(), [""; 0]);
        plainly().unless_eq(there(&mut stream), 1);
    });
}

#[test]
fn an_emit_that_is_not_polled_emits_nothing() {
    watched().run(async {
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                drop(y.emit(1));
                y.emit(2).await;
                // Built early, awaited late.
                let late = y.emit(3);
                sleep(secs(1)).await;
                late.await;
            })
        });
        let first = there(&mut stream);
        blame("yielder-slot-overwrite").unless(first != 1);
        plainly().unless_eq(first, 2);
        let early = stream.poll_next();
        blame("yielder-slot-overwrite").unless(early != Poll::Ready(Some(3)));
        plainly().because("not-pending", &[("who", &WHO)]).unless_eq(early, Poll::Pending);
        sleep(ms(1_001)).await;
        stream.expect_woken("pending-without-waker");
        plainly().unless_eq(there(&mut stream), 3);
    });
}

#[test]
fn a_value_in_the_slot_is_never_overwritten() {
    watched().run(async {
        let log = Log::new();
        let seen = log.clone();
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                let mut first = y.emit(1);
                // Its value lies in the slot. There is nothing to be woken for.
                let (wakes, waker) = counting_waker("whoever waits for the emit");
                let put = poll_with(Pin::new(&mut first), &waker);
                log.add(if put.is_ready() { "ready" } else { "pending" });
                blame("busy-wake")
                    .because("woken-in-poll", &[("who", &"The emit")])
                    .unless(wakes.wakes() == 0);
                // As often as somebody likes: it is done when it has been taken.
                for _ in 0..2 {
                    log.add(if poll!(&mut first).is_ready() { "ready" } else { "pending" });
                }
                first.await;
                // One that nobody waits for, and another one behind it.
                let mut second = y.emit(2);
                for _ in 0..2 {
                    log.add(if poll!(&mut second).is_ready() { "ready" } else { "pending" });
                }
                drop(second);
                y.emit(3).await;
            })
        });
        let mut values = Vec::new();
        for _ in 0..3 {
            values.push(match stream.poll_next() {
                Poll::Ready(value) => value,
                Poll::Pending => None,
            });
        }
        blame("yielder-slot-overwrite").unless_eq(seen.lines(), ["pending"; 5]);
        blame("yielder-slot-overwrite").unless_eq(values, [Some(1), Some(2), Some(3)]);
        ends(&mut stream);
    });
}

#[test]
fn a_value_that_is_left_behind_is_not_lost() {
    watched().run(async {
        // One that somebody stopped waiting for.
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                y.emit(1).await;
                let mut two = y.emit(2);
                plainly().unless_eq(poll!(&mut two), Poll::Pending);
                drop(two);
                sleep(secs(1)).await;
                y.emit(3).await;
            })
        });
        plainly().unless_eq(there(&mut stream), 1);
        let two = stream.poll_next();
        let is_gone = two.is_pending() && !stream.is_woken();
        blame("cancel-loses-unsent-item").because("not-ready", &[("who", &WHO)]).unless(!is_gone);
        plainly().unless_eq(two, Poll::Ready(Some(2)));
        waits(&mut stream);
        sleep(ms(1_001)).await;
        plainly().unless_eq(there(&mut stream), 3);

        // The last thing that a body does, and it does not wait for the answer.
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                y.emit(1).await;
                let mut last = y.emit(2);
                plainly().unless_eq(poll!(&mut last), Poll::Pending);
            })
        });
        plainly().unless_eq(there(&mut stream), 1);
        let last = stream.poll_next();
        plainly().unless_eq(last, Poll::Ready(Some(2)));
        stream.expect_end("repoll-after-ready");
    });
}

#[test]
fn after_the_end_it_is_none_for_ever() {
    watched().run(async {
        let (opener, end) = gate("The body");
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                y.emit(1).await;
                end.await
            })
        });
        plainly().unless_eq(there(&mut stream), 1);
        waits(&mut stream);
        opener.open(());
        stream.expect_woken("pending-without-waker");
        ends(&mut stream);
        for _ in 0..3 {
            // A body that is polled after its end panics.
            let again = catch_unwind(AssertUnwindSafe(|| stream.poll_next()));
            let got = match again {
                Ok(Poll::Ready(None)) => continue,
                Ok(Poll::Ready(Some(_))) => "an item",
                Ok(Poll::Pending) => "Pending",
                Err(_) => "a panic",
            };
            blame("repoll-after-ready")
                .because("after-the-end", &[("who", &WHO), ("got", &got)])
                .now();
        }
        // A body that has given its yielder away goes on to its end.
        let log = Log::new();
        let seen = log.clone();
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                y.emit(1).await;
                drop(y);
                sleep(secs(1)).await;
                sleep(secs(1)).await;
                log.add("the last line");
            })
        });
        plainly().unless_eq(there(&mut stream), 1);
        for _ in 0..2 {
            plainly().unless_eq(stream.poll_next(), Poll::Pending);
            sleep(ms(1_001)).await;
        }
        ends(&mut stream);
        plainly().unless_eq(seen.lines(), ["the last line"]);
        // And one that has nothing to say.
        let body = strict("The body", ());
        let seen = body.watch();
        let mut nothing = numbers(|_| Box::pin(body));
        ends(&mut nothing);
        plainly().unless_eq(("polls", seen.polls()), ("polls", 1));
        nothing.expect_end("repoll-after-ready");
    });
}

#[test]
fn a_cancelled_next_loses_neither_the_value_nor_the_wait() {
    watched().run(async {
        let body: Box<dyn FnOnce(Yielder<u32>) -> Body> = Box::new(|mut y| {
            Box::pin(async move {
                for n in 1..=4 {
                    sleep(ms(500)).await;
                    y.emit(n).await;
                }
            })
        });
        let mut stream = pin!(generator(body));
        for n in 1..=4 {
            let early = timeout(ms(300), stream.next()).await;
            plainly().because("not-pending", &[("who", &WHO)]).unless(early.is_err());
            let (value, time) = timed(timeout(secs(60), stream.next())).await;
            plainly().unless_eq((value, time), (Ok(Some(n)), ms(200)));
        }
        plainly().unless_eq(stream.next().await, None);
    });
}

#[test]
fn the_latest_task_is_woken() {
    watched().run(async {
        let (opener, wait) = gate("the part");
        let body: Box<dyn FnOnce(Yielder<u32>) -> Body> = Box::new(|mut y| {
            Box::pin(async move {
                let n = wait.await;
                y.emit(n).await;
            })
        });
        let mut stream = Box::pin(generator(body));
        let (old_wakes, old) = counting_waker("the first task");
        let (new_wakes, new) = counting_waker("the second task");
        for waker in [&old, &new] {
            let early = ask(stream.as_mut(), waker);
            plainly().because("not-pending", &[("who", &WHO)]).unless(early.is_pending());
        }
        let (before_old, before) = (old_wakes.wakes(), new_wakes.wakes());
        blame("busy-wake")
            .because("woken-in-poll", &[("who", &WHO)])
            .unless(before_old + before == 0);
        opener.open(7);
        let (is_old, is_new) = (old_wakes.wakes() > before_old, new_wakes.wakes() > before);
        blame("stale-waker").because("old-task-woken", &[("who", &WHO)]).unless(is_new || !is_old);
        blame("pending-without-waker").because("not-woken", &[("who", &WHO)]).unless(is_new);
        plainly().unless_eq(ask(stream.as_mut(), &new), Poll::Ready(Some(7)));
    });
}

#[test]
fn a_body_that_gives_way_has_not_emitted() {
    watched().run(async {
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                for n in 1..=2 {
                    yield_now().await;
                    yield_now().await;
                    y.emit(n).await;
                }
                pending().await
            })
        });
        for n in 1..=2 {
            let settled = kit::settled(&mut stream, 10).await;
            plainly().unless_eq(settled, Some(Poll::Ready(Some(n))));
        }
        // Who woke whoever waited for the emit may be polled once more, and then waits.
        let settled = kit::settled(&mut stream, 10).await;
        blame("busy-wake").because("woken-in-poll", &[("who", &WHO)]).unless(settled.is_some());
        plainly().unless_eq(settled, Some(Poll::Pending));
    });
}

#[test]
fn a_drop_takes_the_body_and_its_values_along() {
    watched().run(async {
        let (tally, values) = (Tally::of("variables of the body"), Tally::of("values"));
        let (inside, token) = (tally.clone(), values.clone());
        // Values that can be neither copied nor printed, and stay on this thread.
        let body = |mut y: Yielder<(Rc<()>, kit::Token)>| async move {
            let _kept = inside.token();
            for _ in 0..5 {
                y.emit((Rc::new(()), token.token())).await;
            }
        };
        let mut stream = mock_stream(WHO, Box::pin(generator(body)));
        for count in 1..=3 {
            let value = stream.expect_item("pending-without-waker");
            plainly().unless_eq((values.made(), tally.live()), (count, 1));
            drop(value);
        }
        drop(stream);
        tally.should_live_plainly(0);
        values.should_live_plainly(0);
    });
}

#[test]
fn it_may_move_to_another_thread_if_its_parts_may() {
    watched().run(async {
        let mut stream = pin!(generator(|mut y: Yielder<String>| async move {
            y.emit("one".to_owned()).await;
            sleep(secs(1)).await;
            y.emit("two".to_owned()).await;
        }));
        require_send(&stream); // gate: non-send-across-await
        let first = stream.next().await; // gate: stream-must-be-pinned
        plainly().unless_eq(first.as_deref(), Some("one"));
        plainly().unless_eq(stream.next().await.as_deref(), Some("two"));
        plainly().unless_eq(stream.next().await, None);
    });
}

#[test]
fn a_generator_can_read_another_one() {
    watched().run(async {
        let inner = |from: u32| {
            let body: Box<dyn FnOnce(Yielder<u32>) -> Body> = Box::new(move |mut y| {
                Box::pin(async move {
                    for n in from..from + 3 {
                        sleep(ms(100)).await;
                        y.emit(n).await;
                    }
                })
            });
            generator(body)
        };
        let outer: Box<dyn FnOnce(Yielder<u32>) -> Body> = Box::new(move |mut y| {
            Box::pin(async move {
                let (mut ones, mut tens) = (pin!(inner(1)), pin!(inner(10)));
                while let (Some(one), Some(ten)) = futures::join!(ones.next(), tens.next()) {
                    y.emit(one + ten).await;
                }
            })
        });
        let (sums, time) = timed(generator(outer).collect::<Vec<u32>>()).await;
        plainly().unless_eq((sums, time), (vec![11, 13, 15], ms(300)));
    });
}

/// One poll with this waker.
fn ask<S: Stream>(stream: Pin<&mut S>, waker: &Waker) -> Poll<Option<S::Item>> {
    stream.poll_next(&mut Context::from_waker(waker))
}
