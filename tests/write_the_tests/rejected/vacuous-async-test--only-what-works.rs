//! Whatever is allowed works, and nobody looks whether the rest is prevented.

use std::time::Duration;

/// Lets `n` through in any span of `per`, and no more, wherever the span begins.
pub trait Limiter: Send + Sync + 'static {
    /// Nobody has gone yet.
    fn new(n: usize, per: Duration) -> Self;

    /// Waits until one may go.
    fn acquire(&self) -> impl Future<Output = ()> + Send;
}

/// Holds so many items at most; the first one in is the first one out.
pub trait Queue: Send + Sync + 'static {
    /// It is empty.
    fn new(room: usize) -> Self;

    /// Puts `item` in, as soon as there is room.
    fn push(&self, item: u32) -> impl Future<Output = Result<(), u32>> + Send;

    /// Takes an item out, as soon as there is one.
    fn pop(&self) -> impl Future<Output = Option<u32>> + Send;

    /// From now on nothing can be put in.
    fn close(&self);
}

/// Passes with each limiter that does what [`Limiter`] promises.
pub async fn limiter_suite<L: Limiter>() {
    let limiter = L::new(2, Duration::from_secs(1));
    for _ in 0..10 {
        limiter.acquire().await;
    }
}

/// Passes with each queue that does what [`Queue`] promises.
pub async fn queue_suite<Q: Queue>() {
    let queue = Q::new(2);
    queue.push(1).await.unwrap();
    assert_eq!(queue.pop().await, Some(1));
    queue.push(2).await.unwrap();
    assert_eq!(queue.pop().await, Some(2));
    queue.close();
    assert_eq!(queue.pop().await, None);
}
