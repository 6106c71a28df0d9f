//! Each runner has a bell of its own: ask only those that have rung it since they were asked.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::time::sleep;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

struct Bell {
    rung: AtomicBool,
    parent: Arc<Mutex<Option<Waker>>>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, SeqCst);
        let parent = self.parent.lock().unwrap().clone();
        if let Some(parent) = parent {
            parent.wake();
        }
    }
}

struct Side<F> {
    future: Option<Pin<Box<F>>>,
    bell: Arc<Bell>,
}

impl<F: Future> Side<F> {
    fn of(future: F, parent: &Arc<Mutex<Option<Waker>>>) -> Self {
        let bell = Arc::new(Bell { rung: AtomicBool::new(true), parent: parent.clone() });
        Side { future: Some(Box::pin(future)), bell }
    }

    fn ask(&mut self) -> Poll<F::Output> {
        let mut got = Poll::Pending;
        if let Some(future) = &mut self.future
            && self.bell.rung.load(SeqCst)
        {
            let waker = Waker::from(self.bell.clone());
            got = future.as_mut().poll(&mut Context::from_waker(&waker));
            self.bell.rung.store(false, SeqCst);
        }
        got
    }
}

pub fn race<A: Future, B: Future>(a: A, b: B) -> Race<A, B> {
    let parent = Arc::new(Mutex::new(None));
    Race { a: Side::of(a, &parent), b: Side::of(b, &parent), parent }
}

#[must_use]
pub struct Race<A, B> {
    a: Side<A>,
    b: Side<B>,
    parent: Arc<Mutex<Option<Waker>>>,
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        *this.parent.lock().unwrap() = Some(cx.waker().clone());
        let won = match this.a.ask() {
            Poll::Ready(l) => Either::Left(l),
            Poll::Pending => match this.b.ask() {
                Poll::Ready(r) => Either::Right(r),
                Poll::Pending => return Poll::Pending,
            },
        };
        (this.a.future, this.b.future) = (None, None);
        *this.parent.lock().unwrap() = None;
        Poll::Ready(won)
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match race(future, sleep(limit)).await {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
