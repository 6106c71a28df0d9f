//! The rest of the contract: what is left over, two directions, whom a turn wakes,
//! and what stays behind.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Poll, Waker};

use exercise::io_readiness::Reactor;
use kit::fake::{Selector, Socket};
use kit::{blame, counting_waker, inline_waker, panic_words, plainly, poll_with};

use crate::visible::{
    Call, Got, ROOM, alone, at_once, call, connected, go_on, goes_on, has_at_once, reads_at_once,
    registered, sends, turn_wakes, waits,
};

#[test]
fn what_is_left_over_needs_no_event() {
    alone().run_sync(|| {
        let (reactor, ours, theirs) = connected();
        let mut buffer = [0; 4];
        let mut read = call("read", ours.read(&mut buffer));
        waits(&mut read);
        sends(&theirs, b"teacup");
        plainly().unless_eq(goes_on(&reactor, &mut read), Ok(4));
        drop(read);
        plainly().unless_eq(&buffer, b"teac");
        has_at_once::<4>(&ours, b"up");
    });
}

#[test]
fn an_event_that_nobody_waited_for_is_not_needed_either() {
    alone().run_sync(|| {
        let (reactor, ours, theirs) = connected();
        sends(&theirs, b"tea");
        reactor.turn();
        has_at_once::<ROOM>(&ours, b"tea");
        // The event for these comes when they have been read.
        sends(&theirs, b"milk");
        has_at_once::<ROOM>(&ours, b"milk");
        let mut buffer = [0; ROOM];
        let mut read = call("read", ours.read(&mut buffer));
        waits(&mut read);
        reactor.turn();
        plainly().unless(go_on(&mut read).is_pending());
        sends(&theirs, b"rum");
        plainly().unless_eq(goes_on(&reactor, &mut read), Ok(3));
    });
}

#[test]
fn a_reader_and_a_writer_wait_side_by_side() {
    alone().run_sync(|| {
        for reader_comes_first in [true, false] {
            let (reactor, ours, theirs) = connected();
            let mut buffer = [0; ROOM];
            let mut read = call("read", ours.read(&mut buffer));
            let mut write = call("write_all", ours.write_all(b"more than that"));
            if reader_comes_first {
                waits(&mut read);
            }
            waits(&mut write);
            if !reader_comes_first {
                waits(&mut read);
            }
            plainly().unless_eq(theirs.read(&mut [0; ROOM]).ok(), Some(ROOM));
            reactor.turn();
            blame("single-waker-slot").unless(write.is_woken());
            blame("poll-everything").because("woken-for-nothing", &[]).unless(!read.is_woken());
            plainly().unless_eq(at_once("readiness-not-drained", &mut write), Ok(()));
            sends(&theirs, b"tea");
            reactor.turn();
            blame("single-waker-slot").unless(read.is_woken());
            plainly().unless_eq(at_once("readiness-not-drained", &mut read), Ok(3));
            drop((read, write));
            // And both at once.
            plainly().unless_eq(theirs.read(&mut [0; ROOM]).ok(), Some(6));
            let mut read = call("read", ours.read(&mut buffer));
            let mut write = call("write_all", ours.write_all(b"more than that"));
            waits(&mut read);
            waits(&mut write);
            plainly().unless_eq(theirs.read(&mut [0; ROOM]).ok(), Some(ROOM));
            sends(&theirs, b"milk");
            reactor.turn();
            blame("single-waker-slot").unless(read.is_woken() && write.is_woken());
            plainly().unless_eq(at_once("readiness-not-drained", &mut read), Ok(4));
            plainly().unless_eq(at_once("readiness-not-drained", &mut write), Ok(()));
        }
    });
}

#[test]
fn a_long_text_goes_through_piece_by_piece() {
    alone().run_sync(|| {
        let (reactor, ours, theirs) = connected();
        let text: Vec<u8> = (0..100).collect();
        let mut write = call("write_all", ours.write_all(&text));
        let mut arrived: Vec<u8> = Vec::new();
        let mut polled = go_on(&mut write);
        // Sometimes less than a whole connection is read.
        for length in [ROOM, 3, 1].into_iter().cycle() {
            let mut buffer = vec![0; length];
            let Ok(count) = theirs.read(&mut buffer) else { break };
            arrived.extend(&buffer[..count]);
            if polled.is_pending() {
                turn_wakes(&reactor, &write);
                polled = go_on(&mut write);
            }
        }
        plainly().unless_eq(&arrived, &text);
        plainly().unless_eq(polled, Poll::Ready(Ok(())));
        plainly()
            .unless_eq(go_on(&mut call("write_all", ours.write_all(b""))), Poll::Ready(Ok(())));
    });
}

#[test]
fn who_writes_hears_that_nobody_reads_any_more() {
    alone().run_sync(|| {
        let (reactor, ours, theirs) = connected();
        let mut write = call("write_all", ours.write_all(b"more than that"));
        waits(&mut write);
        drop(theirs);
        plainly().unless_eq(goes_on(&reactor, &mut write), Err(ErrorKind::BrokenPipe));
        drop(write);
        let got = at_once("readiness-not-drained", &mut call("write_all", ours.write_all(b"more")));
        plainly().unless_eq(got, Err(ErrorKind::BrokenPipe));
        // One who has nothing more to say may still listen.
        let (_reactor, ours, theirs) = connected();
        theirs.end_writing();
        plainly().unless_eq(reads_at_once::<ROOM>("readiness-not-drained", &ours), Ok(vec![]));
        let got = at_once("readiness-not-drained", &mut call("write_all", ours.write_all(b"bye")));
        plainly().unless_eq(got, Ok(()));
    });
}

#[test]
fn a_turn_wakes_who_is_concerned() {
    alone().run_sync(|| {
        let reactor = Reactor::new(Selector::new());
        let ends: Vec<_> = (0..4).map(|_| registered(&reactor)).collect();
        let mut buffers = [[0; ROOM]; 4];
        let mut reads: Vec<_> = ends
            .iter()
            .zip(&mut buffers)
            .enumerate()
            .map(|(n, ((ours, _), buffer))| call(&format!("read {n}"), ours.read(buffer)))
            .collect();
        reads.iter_mut().for_each(waits);
        reactor.turn();
        let woken = |reads: &[Call<'_, usize>]| -> Vec<bool> {
            reads.iter().map(|read| read.is_woken()).collect()
        };
        blame("poll-everything").unless_eq(woken(&reads), [false; 4]);
        for n in [2, 0] {
            sends(&ends[n].1, b"tea");
        }
        reactor.turn();
        let concerned = woken(&reads);
        blame("pending-without-waker").unless(concerned[0] && concerned[2]);
        blame("poll-everything").unless_eq(concerned, [true, false, true, false]);
        for n in [0, 2] {
            plainly().unless_eq(at_once("readiness-not-drained", &mut reads[n]), Ok(3));
            sends(&ends[n].1, b"milk");
        }
        // These two have what they wanted. They may be woken once more in vain, and
        // not for ever.
        reactor.turn();
        let kept = reads[0].wakers() + reads[2].wakers();
        blame("poll-everything").because("waker-of-who-is-done", &[]).unless(kept == 0);
    });
}

/// Polls as often as a call may want that goes in steps, and tells what the last poll
/// said.
fn often<T>(
    mut read: Pin<&mut (impl Future<Output = io::Result<T>> + ?Sized)>,
    waker: &Waker,
) -> Poll<Got<T>> {
    let mut polled = Poll::Pending;
    for _ in 0..3 {
        if polled.is_pending() {
            polled = poll_with(read.as_mut(), waker).map_err(|error| error.kind());
        }
    }
    polled
}

/// Two tasks poll this call, and then what it waits for happens.
fn wakes_the_second<T>(
    who: &str,
    reactor: &Reactor,
    mut call: Pin<&mut impl Future<Output = io::Result<T>>>,
    happens: impl FnOnce(),
) {
    let (old, old_waker) = counting_waker("the task before");
    let (new, new_waker) = counting_waker("the task");
    plainly().unless(often(call.as_mut(), &old_waker).is_pending());
    plainly().unless(often(call.as_mut(), &new_waker).is_pending());
    let woken = new.wakes();
    happens();
    reactor.turn();
    blame("stale-waker").because("which-one", &[("who", &who)]).unless(new.wakes() > woken);
    plainly().because("old-waker-kept", &[("who", &who)]).unless(old.wakers() == 1);
}

#[test]
fn who_asked_last_is_woken() {
    alone().run_sync(|| {
        let (reactor, ours, theirs) = connected();
        let mut buffer = [0; ROOM];
        let read = pin!(ours.read(&mut buffer));
        wakes_the_second("read", &reactor, read, || sends(&theirs, b"tea"));
        let write = pin!(ours.write_all(b"more than that"));
        wakes_the_second("write_all", &reactor, write, || {
            plainly().unless_eq(theirs.read(&mut [0; ROOM]).ok(), Some(ROOM));
        });
    });
}

thread_local! {
    /// What the waker of a test does. Wakers may go to other threads, and this may not.
    static ON_WAKE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// A read that has its socket.
type Reads = Pin<Box<dyn Future<Output = io::Result<usize>>>>;

#[test]
fn who_is_woken_may_do_anything_at_once() {
    alone().run_sync(|| {
        let reactor = Reactor::new(Selector::new());
        let (ours, theirs) = registered(&reactor);
        let (gone, of_gone) = registered(&reactor);
        let waker = inline_waker(|| {
            if let Some(act) = ON_WAKE.take() {
                act();
            }
        });
        let mut buffer = [0; ROOM];
        let mut read = pin!(ours.read(&mut buffer));
        plainly().unless(often(read.as_mut(), &waker).is_pending());
        {
            let mut buffer = [0; ROOM];
            plainly().unless(often(pin!(gone.read(&mut buffer)), &waker).is_pending());
        }
        let its = reactor.clone();
        let (task, its_waker) = counting_waker("the task of a new socket");
        let newcomer = Rc::new(RefCell::new(None));
        let (keep, so_far) = (newcomer.clone(), task.clone());
        ON_WAKE.set(Some(Box::new(move || {
            // The event for this one has been told, and it has not had its turn yet.
            drop(gone);
            // To this one nothing happens.
            let (waits, of_waits) = registered(&its);
            let mut waits: Reads = Box::pin(async move { waits.read(&mut [0; ROOM]).await });
            plainly().unless(often(waits.as_mut(), &its_waker).is_pending());
            *keep.borrow_mut() = Some((waits, of_waits, so_far.wakes()));
            let (new, of_new) = registered(&its);
            drop(of_new);
            plainly().unless_eq(reads_at_once::<ROOM>("readiness-not-drained", &new), Ok(vec![]));
            drop(new);
            plainly().unless_eq(its.registered(), 2);
        })));
        sends(&theirs, b"tea");
        sends(&of_gone, b"tea");
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| reactor.turn())) {
            let words = panic_words(&*panic).unwrap_or_default();
            // As a `RefCell` says it.
            blame("wake-under-lock").unless(!words.contains("borrowed"));
            resume_unwind(panic);
        }
        blame("pending-without-waker").unless(ON_WAKE.take().is_none());
        let woken = newcomer.take().map_or(0, |(_, _, before)| task.wakes() - before);
        blame("poll-everything")
            .because("woken-early", &[("who", &"A socket that is new"), ("count", &woken)])
            .unless(woken == 0);
        plainly().unless_eq(often(read.as_mut(), &waker), Poll::Ready(Ok(3)));
    });
}

#[test]
fn a_call_that_is_dropped_takes_nothing() {
    alone().run_sync(|| {
        let (reactor, ours, theirs) = connected();
        sends(&theirs, b"tea");
        drop((ours.read(&mut [0; ROOM]), ours.write_all(b"coffee")));
        // What was read has left room for more.
        let room = theirs.write(&[b'!'; ROOM]);
        blame("eager-before-poll").unless_eq(room.ok(), Some(ROOM - 3));
        let unpolled = theirs.read(&mut [0; ROOM]).map_err(|error| error.kind());
        blame("eager-before-poll").unless_eq(unpolled, Err(ErrorKind::WouldBlock));
        let kept = reads_at_once::<ROOM>("readiness-not-drained", &ours);
        plainly().unless_eq(kept, Ok(b"tea!!!!!".to_vec()));

        let mut buffer = [0; ROOM];
        let mut read = call("read", ours.read(&mut buffer));
        waits(&mut read);
        sends(&theirs, b"milk");
        reactor.turn();
        drop(read);
        has_at_once::<ROOM>(&ours, b"milk");
    });
}

#[test]
fn a_socket_that_is_dropped_is_let_go() {
    alone().run_sync(|| {
        let selector = Selector::new();
        let reactor = Reactor::new(selector.clone());
        let (ours, theirs) = registered(&reactor);
        let (other, _open) = registered(&reactor);
        plainly().unless_eq(reactor.registered(), 2);
        let (task, waker) = counting_waker("the task");
        {
            let mut buffer = [0; ROOM];
            plainly().unless(often(pin!(ours.read(&mut buffer)), &waker).is_pending());
        }
        drop(ours);
        plainly().unless_eq(reactor.registered(), 1);
        plainly().because("still-registered", &[]).unless(selector.registered() == 1);
        let end = theirs.read(&mut [0; ROOM]).map_err(|error| error.kind());
        plainly().because("socket-kept", &[]).unless(end == Ok(0));
        plainly().because("waker-kept", &[("who", &"The socket")]).unless(task.wakers() == 1);
        reactor.turn();
        // There is a number for another one, which nobody has.
        let (new, _open_as_well) = registered(&reactor);
        plainly().unless_eq(reactor.registered(), 2);
        drop((other, new));
        plainly().unless_eq(reactor.registered(), 0);
        // One that the selector knows already, by another number.
        let (known, _open_too) = Socket::pair(ROOM);
        plainly().unless(selector.register(&known, 1_000).is_ok());
        plainly().unless(reactor.register(known).is_err());
        plainly().unless_eq(reactor.registered(), 0);
        // Nobody holds it but the test.
        plainly().because("reactor-kept", &[]).unless(Rc::strong_count(&reactor) == 1);
    });
}
