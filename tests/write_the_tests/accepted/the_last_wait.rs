//! Whoever waits for room comes last: if nobody wakes it, the suite waits for ever.

use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use futures::{FutureExt, join};
use tokio::time::{Instant, sleep, timeout};

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

const SECOND: Duration = Duration::from_secs(1);

fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

/// Passes with each limiter that does what [`Limiter`] promises, and with no other.
pub async fn limiter_suite<L: Limiter>() {
    // So many, and after a second so many again.
    let limiter = L::new(2, SECOND);
    let start = Instant::now();
    for second in [0, 0, 1, 1, 2, 2] {
        limiter.acquire().await;
        assert_eq!(start.elapsed(), ms(1_000 * second));
    }

    // A span may begin anywhere.
    let limiter = L::new(2, SECOND);
    let start = Instant::now();
    limiter.acquire().await;
    sleep(ms(900)).await;
    for time in [900, 1_000, 1_900] {
        limiter.acquire().await;
        assert_eq!(start.elapsed(), ms(time));
    }

    // After a long pause it is as it was in the beginning: no more at once.
    let limiter = L::new(2, SECOND);
    let start = Instant::now();
    join!(limiter.acquire(), limiter.acquire());
    sleep(10 * SECOND).await;
    for second in [10, 10, 11] {
        limiter.acquire().await;
        assert_eq!(start.elapsed(), ms(1_000 * second));
    }

    // Who asks first goes first.
    let limiter = L::new(1, SECOND);
    let gone = Mutex::new(Vec::new());
    let goes = async |who| {
        limiter.acquire().await;
        gone.lock().unwrap().push(who);
    };
    join!(goes(1), goes(2), goes(3));
    assert_eq!(*gone.lock().unwrap(), [1, 2, 3]);

    // Who leaves has not gone.
    let limiter = L::new(1, SECOND);
    let start = Instant::now();
    limiter.acquire().await;
    timeout(ms(500), limiter.acquire()).await.expect_err("it is not a second yet");
    limiter.acquire().await;
    assert_eq!(start.elapsed(), SECOND);
}

/// Passes with each queue that does what [`Queue`] promises, and with no other.
pub async fn queue_suite<Q: Queue>() {
    // First in, first out, and no more than there is room for.
    let queue = Q::new(2);
    queue.push(1).await.unwrap();
    queue.push(2).await.unwrap();
    timeout(SECOND, queue.push(3)).await.expect_err("there is no room");
    // The third one was dropped, and is not in there.
    assert_eq!((queue.pop().await, queue.pop().await), (Some(1), Some(2)));
    timeout(SECOND, queue.pop()).await.expect_err("there is nothing left");

    // Those who wait are woken.
    assert_eq!(join!(queue.pop(), later(queue.push(4))), (Some(4), Ok(())));

    // A pop goes from a task that nobody can wake to this one.
    let mut pop = pin!(queue.pop());
    assert_eq!(pop.as_mut().now_or_never(), None);
    assert_eq!(join!(pop, later(queue.push(8))), (Some(8), Ok(())));

    // A pop is dropped wherever it waits, and the item is got by the next one.
    queue.push(9).await.unwrap();
    let got = match queue.pop().now_or_never() {
        Some(got) => got,
        None => queue.pop().await,
    };
    assert_eq!(got, Some(9));

    // After the end, nothing goes in, and what is in comes out.
    queue.push(10).await.unwrap();
    queue.push(11).await.unwrap();
    assert_eq!(join!(queue.push(12), later(async { queue.close() })), (Err(12), ()));
    assert_eq!(queue.push(13).await, Err(13));
    assert_eq!((queue.pop().await, queue.pop().await), (Some(10), Some(11)));
    assert_eq!(queue.pop().await, None);

    // Who waits hears of the end.
    let queue = Q::new(1);
    let both = async { join!(queue.pop(), queue.pop()) };
    assert_eq!(join!(both, later(async { queue.close() })), ((None, None), ()));

    // Who waits for room is woken.
    let queue = Q::new(2);
    queue.push(5).await.unwrap();
    queue.push(6).await.unwrap();
    assert_eq!(join!(queue.push(7), later(queue.pop())), (Ok(()), Some(5)));
    assert_eq!((queue.pop().await, queue.pop().await), (Some(6), Some(7)));
}

/// What comes of it, when the others have been waiting for a while.
async fn later<T>(what: impl Future<Output = T>) -> T {
    sleep(SECOND).await;
    what.await
}
