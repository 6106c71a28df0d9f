//! Each runner has a bell of its own, and only who has rung is asked.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Wake, Waker};

use futures::task::AtomicWaker;
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
    task: Arc<AtomicWaker>,
}

impl Bell {
    fn new(task: &Arc<AtomicWaker>) -> Arc<Self> {
        Arc::new(Bell { rung: AtomicBool::new(true), task: task.clone() })
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, SeqCst);
        self.task.wake();
    }
}

struct Runner<F> {
    future: Pin<Box<F>>,
    bell: Arc<Bell>,
}

impl<F: Future> Runner<F> {
    fn poll(&mut self) -> Poll<F::Output> {
        if !self.bell.rung.swap(false, SeqCst) {
            return Poll::Pending;
        }
        let waker = Waker::from(self.bell.clone());
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

pub fn race<A: Future, B: Future>(a: A, b: B) -> Race<A, B> {
    let task = Arc::new(AtomicWaker::new());
    let a = Runner { future: Box::pin(a), bell: Bell::new(&task) };
    let b = Runner { future: Box::pin(b), bell: Bell::new(&task) };
    Race { task, runners: Some((a, b)) }
}

pub struct Race<A, B> {
    task: Arc<AtomicWaker>,
    runners: Option<(Runner<A>, Runner<B>)>,
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        this.task.register(cx.waker());
        let (a, b) = this.runners.as_mut().expect("the race is over");
        let winner = match a.poll() {
            Poll::Ready(left) => Either::Left(left),
            Poll::Pending => match b.poll() {
                Poll::Ready(right) => Either::Right(right),
                Poll::Pending => return Poll::Pending,
            },
        };
        this.runners = None;
        this.task.take();
        Poll::Ready(winner)
    }
}

pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match race(future, sleep(limit)).await {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
