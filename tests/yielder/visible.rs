//! What every learner sees: values one by one, waits between them, and a body that hands
//! its yielder on.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use exercise::yielder::{Yielder, generator};
use futures::Stream;
use kit::{Lab, Log, MockStream, blame, due, lab, mock_stream, ms, plainly, secs};
use tokio::time::sleep;

#[test]
fn each_value_comes_when_it_is_asked_for() {
    watched().run(async {
        let log = Log::new();
        let seen = log.clone();
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                for n in 1..=3 {
                    log.add(format!("emits {n}"));
                    y.emit(n).await;
                }
                log.add("ends");
            })
        });
        for n in 1..=3 {
            let got = there(&mut stream);
            blame("yielder-slot-overwrite").unless(got <= n);
            plainly().unless_eq(got, n);
            // It stands still at this value.
            blame("generator-runs-ahead").unless(seen.lines().len() <= n as usize);
            plainly().unless_eq(seen.lines().pop(), Some(format!("emits {n}")));
        }
        ends(&mut stream);
        plainly().unless_eq(seen.lines().pop().as_deref(), Some("ends"));
    });
}

#[test]
fn a_wait_in_the_body_is_a_wait_for_the_next_value() {
    watched().run(async {
        let mut stream = numbers(|mut y| {
            Box::pin(async move {
                y.emit(1).await;
                sleep(secs(1)).await;
                sleep(secs(2)).await;
                helper(&mut y).await;
            })
        });
        plainly().unless_eq(there(&mut stream), 1);
        waits(&mut stream);
        sleep(secs(1)).await;
        waits(&mut stream);
        plainly().unless_eq(due(&mut stream, secs(2)).await, 2);
        plainly().unless_eq(due(&mut stream, ms(500)).await, 3);
    });
}

/// Half of a body: the yielder can be lent, which `stream!` cannot do.
async fn helper(y: &mut Yielder<u32>) {
    y.emit(2).await;
    sleep(ms(500)).await;
    y.emit(3).await;
}

/// All tests: who polls on until there is a value never comes back, and who locks the
/// slot while the body wants it does not either.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake").wait_means("sync-io-in-async")
}

/// What a body becomes.
pub type Body = Pin<Box<dyn Future<Output = ()>>>;

pub type Numbers = MockStream<Pin<Box<dyn Stream<Item = u32>>>>;

pub const WHO: &str = "The generator";

/// A generator that the test polls. Nearly all tests ask for one like this, so that it
/// is compiled once.
pub fn numbers(body: impl FnOnce(Yielder<u32>) -> Body + 'static) -> Numbers {
    let body: Box<dyn FnOnce(Yielder<u32>) -> Body> = Box::new(body);
    mock_stream(WHO, Box::pin(generator(body)))
}

/// The value that the body emits without having to wait for anything.
pub fn there(stream: &mut Numbers) -> u32 {
    match stream.poll_next() {
        // Whoever waits for an emit may be woken now that its value is taken.
        Poll::Ready(Some(value)) => value,
        Poll::Ready(None) => {
            plainly().because("ended-early", &[("who", &WHO)]).now();
        }
        // In the slot, and nobody is told.
        Poll::Pending => {
            let id = if stream.is_woken() { "busy-wake" } else { "pending-without-waker" };
            blame(id).because("not-ready", &[("who", &WHO)]).now();
        }
    }
}

/// The body waits for something, and so does whoever asks.
pub fn waits(stream: &mut Numbers) {
    match stream.poll_next() {
        Poll::Pending => {}
        Poll::Ready(None) => plainly().because("none-too-early", &[("who", &WHO)]).now(),
        Poll::Ready(Some(_)) => {
            blame("generator-runs-ahead").because("not-pending", &[("who", &WHO)]).now();
        }
    }
}

/// The body has ended, and has left nothing.
pub fn ends(stream: &mut Numbers) {
    let ended = stream.poll_next() == Poll::Ready(None);
    plainly().because("not-ended", &[("who", &WHO)]).unless(ended);
}
