//! What every learner sees: a read that waits, and the end.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use exercise::io_readiness::{AsyncSocket, Reactor};
use kit::fake::{Selector, Socket};
use kit::{Lab, Mock, blame, lab, mock, plainly};

/// Bytes that a connection holds in each direction.
pub const ROOM: usize = 8;

/// What came of a call.
pub type Got<T> = Result<T, ErrorKind>;

/// A call that is polled by hand.
pub type Call<'a, T> = Mock<Pin<Box<dyn Future<Output = Got<T>> + 'a>>>;

/// A reactor, one of its sockets, and the other end of that.
pub fn connected() -> (Rc<Reactor>, AsyncSocket, Socket) {
    let reactor = Reactor::new(Selector::new());
    let (ours, theirs) = registered(&reactor);
    (reactor, ours, theirs)
}

/// A socket of this reactor, and the other end.
pub fn registered(reactor: &Rc<Reactor>) -> (AsyncSocket, Socket) {
    let (ours, theirs) = Socket::pair(ROOM);
    let Ok(ours) = reactor.register(ours) else { plainly().because("not-registered", &[]).now() };
    (ours, theirs)
}

/// A call with a name, erased and with the kind of its error.
pub fn call<'a, T>(name: &str, call: impl Future<Output = io::Result<T>> + 'a) -> Call<'a, T> {
    mock(name, Box::pin(async { call.await.map_err(|error| error.kind()) }))
}

/// Polls, and again for as long as it wakes itself.
pub fn go_on<T>(call: &mut Call<'_, T>) -> Poll<Got<T>> {
    for _ in 0..20 {
        let polled = call.poll();
        if polled.is_ready() || !call.is_woken() {
            return polled;
        }
    }
    blame("busy-wake")
        .because("polled-often", &[("who", &"A call that waits"), ("count", &20)])
        .now()
}

/// Polls a call that has to wait. If nobody keeps its waker, nobody will wake it.
pub fn waits<T>(call: &mut Call<'_, T>) {
    let polled = go_on(call);
    plainly()
        .because("not-pending", &[("who", &"A call that has to wait")])
        .unless(polled.is_pending());
    blame("pending-without-waker").unless(call.wakers() > 0);
}

/// What becomes of a call that waits, after an event for it.
pub fn goes_on<T>(reactor: &Reactor, call: &mut Call<'_, T>) -> Got<T> {
    turn_wakes(reactor, call);
    at_once("readiness-not-drained", call)
}

/// A turn that has to wake this call.
pub fn turn_wakes<T>(reactor: &Reactor, call: &Call<'_, T>) {
    reactor.turn();
    blame("pending-without-waker").unless(call.is_woken());
}

/// What comes of a call that need not wait. If it does, `pitfall` says what that
/// means.
pub fn at_once<T>(pitfall: &str, call: &mut Call<'_, T>) -> Got<T> {
    let Poll::Ready(got) = go_on(call) else { blame(pitfall).now() };
    got
}

/// One read of at most `N` bytes, which need not wait, and what it gave.
pub fn reads_at_once<const N: usize>(pitfall: &str, socket: &AsyncSocket) -> Got<Vec<u8>> {
    let mut buffer = [0; N];
    let count = at_once(pitfall, &mut call("read", socket.read(&mut buffer)))?;
    Ok(buffer[..count].to_vec())
}

/// These bytes are there, and a read need not wait for them.
pub fn has_at_once<const N: usize>(socket: &AsyncSocket, bytes: &[u8]) {
    let got = reads_at_once::<N>("readiness-not-drained", socket);
    plainly().unless_eq(got, Ok(bytes.to_vec()));
}

/// The other side sends these bytes, for which there is room.
pub fn sends(socket: &Socket, bytes: &[u8]) {
    plainly().unless_eq(socket.write(bytes).ok(), Some(bytes.len()));
}

/// All tests: nobody else is there, on this thread or another.
pub fn alone() -> Lab {
    lab().alone()
}

#[test]
fn a_read_waits_for_its_bytes() {
    alone().run_sync(|| {
        let (reactor, ours, theirs) = connected();
        let mut buffer = [0; ROOM];
        let mut read = call("read", ours.read(&mut buffer));
        waits(&mut read);
        sends(&theirs, b"tea");
        plainly().unless_eq(goes_on(&reactor, &mut read), Ok(3));
        drop(read);
        plainly().unless_eq(&buffer[..3], b"tea");
    });
}

#[test]
fn the_end_is_no_bytes() {
    alone().run_sync(|| {
        let (reactor, ours, theirs) = connected();
        sends(&theirs, b"bye");
        has_at_once::<ROOM>(&ours, b"bye");
        let mut buffer = [0; ROOM];
        let mut read = call("read", ours.read(&mut buffer));
        waits(&mut read);
        drop(theirs);
        turn_wakes(&reactor, &read);
        plainly().unless_eq(at_once("eof-spin", &mut read), Ok(0));
        drop(read);
        plainly().unless_eq(reads_at_once::<ROOM>("eof-spin", &ours), Ok(vec![]));
    });
}
