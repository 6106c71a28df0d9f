//! "wait_for makes a task of it, and cancels that": tasks want futures that borrow nothing.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

pub async fn race<A: Future, B: Future>(a: A, b: B) -> Either<A::Output, B::Output> {
    let (mut a, mut b) = (pin!(a), pin!(b));
    std::future::poll_fn(|cx| {
        if let Poll::Ready(output) = a.as_mut().poll(cx) {
            return Poll::Ready(Either::Left(output));
        }
        b.as_mut().poll(cx).map(Either::Right)
    })
    .await
}

struct Cancel<T>(JoinHandle<T>);

impl<T> Drop for Cancel<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub async fn deadline<F>(limit: Duration, future: F) -> Result<F::Output, Elapsed>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let mut task = Cancel(tokio::spawn(future));
    match race(&mut task.0, sleep(limit)).await {
        Either::Left(output) => output.map_err(|_| Elapsed),
        Either::Right(()) => Err(Elapsed),
    }
}
