//! Everybody is a task, and each task is asked how it has ended.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::join_all;
use tokio::time::{Instant, sleep};

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
const MINUTE: Duration = Duration::from_secs(60);

/// Passes with each limiter that does what [`Limiter`] promises, and with no other.
pub async fn limiter_suite<L: Limiter>() {
    // Seven come one after another, a second between them.
    let limiter = Arc::new(L::new(2, MINUTE));
    let start = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..7 {
        let limiter = limiter.clone();
        tasks.push(tokio::spawn(async move {
            limiter.acquire().await;
            start.elapsed().as_secs()
        }));
        sleep(Duration::from_secs(1)).await;
    }
    // The fourth one leaves.
    tasks.remove(3).abort();
    let gone: Vec<_> = join_all(tasks).await.into_iter().map(|task| task.unwrap()).collect();
    assert_eq!(gone, [0, 1, 60, 61, 120, 121]);
    // Three more come much later.
    sleep(MINUTE * 3).await;
    let start = Instant::now();
    let tasks = [(); 3].map(|()| {
        let limiter = limiter.clone();
        tokio::spawn(async move {
            limiter.acquire().await;
            start.elapsed().as_secs()
        })
    });
    let mut gone: Vec<_> = join_all(tasks).await.into_iter().map(|task| task.unwrap()).collect();
    gone.sort();
    assert_eq!(gone, [0, 0, 60]);
}

/// Passes with each queue that does what [`Queue`] promises, and with no other.
pub async fn queue_suite<Q: Queue>() {
    // One puts in ten, the other takes them out, and both have to wait.
    for (fill, drain) in [(0, 1), (1, 0)] {
        let queue = Arc::new(Q::new(3));
        let fills = queue.clone();
        let filler = tokio::spawn(async move {
            for item in 0..10 {
                fills.push(item).await.unwrap();
                sleep(SECOND * fill).await;
            }
            fills.close();
            fills.push(10).await
        });
        for item in 0..10 {
            sleep(SECOND * drain).await;
            assert_eq!(queue.pop().await, Some(item));
        }
        assert_eq!(queue.pop().await, None);
        assert_eq!(filler.await.unwrap(), Err(10));
    }

    // How many are in there, and what a task that is aborted has done.
    let queue = Arc::new(Q::new(2));
    let pushes: Vec<_> = (0..5)
        .map(|item| {
            let queue = queue.clone();
            tokio::spawn(async move { queue.push(item).await })
        })
        .collect();
    sleep(SECOND).await;
    let mut waiting: Vec<_> = pushes.into_iter().filter(|push| !push.is_finished()).collect();
    assert_eq!(waiting.len(), 3);
    waiting.drain(..2).for_each(|push| push.abort());
    sleep(SECOND).await;
    let mut got = 0;
    for _ in 0..3 {
        // Asked once, and then asked by somebody else.
        let mut pop = Box::pin(queue.pop());
        if let Some(item) = (&mut pop).now_or_never() {
            got += item.map_or(0, |_| 1);
            continue;
        }
        drop(pop);
        got += queue.pop().await.map_or(0, |_| 1);
    }
    assert_eq!(got, 3);

    // A pop that began elsewhere, and a close while somebody waits.
    let mut pop = Box::pin(queue.pop());
    assert!((&mut pop).now_or_never().is_none());
    let pushes = queue.clone();
    let push = tokio::spawn(async move {
        sleep(SECOND).await;
        pushes.push(5).await
    });
    assert_eq!(pop.await, Some(5));
    push.await.unwrap().unwrap();
    for item in [6, 7] {
        queue.push(item).await.unwrap();
    }
    let pushes = queue.clone();
    let push = tokio::spawn(async move { pushes.push(8).await });
    sleep(SECOND).await;
    queue.close();
    assert_eq!(push.await.unwrap(), Err(8));
    for left in [Some(6), Some(7), None] {
        assert_eq!(queue.pop().await, left);
    }

    let queue = Arc::new(Q::new(2));
    let pops: Vec<_> = (0..2)
        .map(|_| {
            let queue = queue.clone();
            tokio::spawn(async move { queue.pop().await })
        })
        .collect();
    sleep(SECOND).await;
    queue.close();
    for pop in pops {
        assert_eq!(pop.await.unwrap(), None);
    }
}
