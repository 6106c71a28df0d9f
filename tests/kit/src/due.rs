//! The next item of a stream, watched from the question to the answer.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use futures::Stream;
use record::timeline::seconds;
use tokio::time::sleep;

use crate::{Blame, ByHand, MockStream, blame, ms, plainly, secs, settled, took};

/// A right stream may ask to be polled again at once, as one that lets others go
/// first does; but not so often in a row.
const MOST_IN_A_ROW: usize = 10;

/// Much longer than an item of any exercise takes.
const LONG: Duration = secs(3_600);

/// Asks `stream` for an item that takes `wait` of virtual time, lets the time
/// go by, and asks again: the item, which must be there by then, and not before.
///
/// Two polls are made, and a third only where that tells two mistakes apart. So
/// what went wrong between them can be told. (A poll after which the task is woken at once is
/// made again, up to ten times; that counts as one.)
///
/// | first poll | woken since | second poll | it is |
/// | --- | --- | --- | --- |
/// | an item | | | `blocking-sleep` or `lazy-never-awaited`; `generator-runs-ahead` if it is not the first item that is asked for |
/// | Pending | yes | an item | right |
/// | Pending | no | an item | `pending-without-waker` |
/// | Pending | yes | Pending | `subfuture-recreated`; `busy-wake` if inside the first poll, each time; if it is never woken again, `std-instant-under-virtual-clock`, or `pending-without-waker` if a third poll has the item |
/// | Pending | no | Pending | `subfuture-recreated`; `std-instant-under-virtual-clock` if somebody keeps the waker and never calls it |
///
/// Afterwards `wait` and 1 ms have gone by: a task of the answer's own gets its turn.
///
/// ```no_run
/// # use kit::*;
/// # fn ticker(_: std::time::Duration) -> impl futures::Stream<Item = u32> { futures::stream::pending() }
/// run(async {
///     let mut ticks = mock_stream("the ticker", ticker(secs(1)));
///     let first = due(&mut ticks, secs(1)).await;
///     plainly().unless_eq(first, 1);
/// });
/// ```
pub async fn due<S: Stream>(stream: &mut MockStream<S>, wait: Duration) -> S::Item {
    let mut asked = Asked { stream, item: None };
    boxed(&mut asked, wait).await;
    asked.item.expect("an item that was not there was told")
}

/// A stream, and the item that it gave last.
struct Asked<'a, S: Stream> {
    stream: &'a mut MockStream<S>,
    item: Option<S::Item>,
}

/// A stream whose type does not matter: what follows is compiled once, with the
/// kit, and not with every answer.
trait Ask: ByHand<Output = bool> {
    fn label(&self) -> &str;
    fn polls(&self) -> usize;
    fn wakers(&self) -> usize;
}

impl<S: Stream> ByHand for Asked<'_, S> {
    /// Whether there is an item, or the end.
    type Output = bool;

    fn turn(&mut self) -> Poll<bool> {
        self.stream.poll_next().map(|item| {
            self.item = item;
            self.item.is_some()
        })
    }

    fn is_woken(&self) -> bool {
        self.stream.is_woken()
    }
}

impl<S: Stream> Ask for Asked<'_, S> {
    fn label(&self) -> &str {
        self.stream.label()
    }

    fn polls(&self) -> usize {
        self.stream.polls()
    }

    fn wakers(&self) -> usize {
        self.stream.wakers()
    }
}

/// What an async fn becomes is compiled where it is awaited, unless it is boxed.
fn boxed<'a>(stream: &'a mut dyn Ask, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
    Box::pin(watch(stream, wait))
}

/// Polls until it is known what there is: an item, the end, or a wait.
async fn last_of_turns(stream: &mut dyn Ask) -> Poll<bool> {
    match settled(stream, MOST_IN_A_ROW - 1).await {
        Some(polled) => polled,
        None => stream.turn(),
    }
}

/// Comes back when there is an item, as there should be.
async fn watch(stream: &mut dyn Ask, wait: Duration) {
    let who = stream.label().to_owned();
    let told = |blame: Blame, key: &str| blame.because(key, &[("who", &who)]);
    let is_first = stream.polls() == 0;
    match last_of_turns(stream).await {
        Poll::Pending => {}
        Poll::Ready(false) => told(plainly(), "none-too-early").now(),
        Poll::Ready(true) if !is_first => told(blame("generator-runs-ahead"), "not-pending").now(),
        Poll::Ready(true) => {
            // Without any wait the next one is there at once as well. If it is
            // not, this is some other order of waiting and handing out.
            if stream.turn().is_ready() {
                took(Duration::ZERO).should_be(wait);
            }
            told(plainly(), "not-pending").now();
        }
    }
    let at_once = stream.is_woken();
    sleep(wait + ms(1)).await;
    let (woken, kept) = (stream.is_woken(), stream.wakers() > 0);
    match last_of_turns(stream).await {
        Poll::Ready(true) => told(blame("pending-without-waker"), "not-woken").unless(woken),
        Poll::Ready(false) => told(plainly(), "none-too-early").now(),
        Poll::Pending if at_once => {
            told(blame("busy-wake").because("woken-in-poll", &[("who", &who)]), "not-ready").now()
        }
        Poll::Pending if woken => {
            // If its wait has begun anew, that will be over some time.
            sleep(LONG).await;
            told(blame("subfuture-recreated"), "wait-lost").unless(!stream.is_woken());
            // Did it go one step further and stop there? Else its time has not
            // come, although the clock of the test says so.
            let stepped = stream.turn().is_ready();
            let other_clock = blame("std-instant-under-virtual-clock");
            let check = if stepped { blame("pending-without-waker") } else { other_clock };
            told(check, "not-woken-again").now()
        }
        Poll::Pending if kept => {
            // Late, or never? More of this time costs nothing.
            sleep(LONG).await;
            told(plainly(), "not-ready").unless(!stream.is_woken());
            let facts: [(&str, &dyn Display); 2] = [("who", &who), ("time", &seconds(LONG))];
            blame("std-instant-under-virtual-clock").because("other-clock", &facts).now()
        }
        Poll::Pending => told(blame("subfuture-recreated"), "wait-lost").now(),
    }
}
