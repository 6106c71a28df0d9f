//! Futures are polled by hand, as mock tasks, and time is waited for.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};
use tokio_test::task::spawn;
use tokio_test::{assert_pending, assert_ready, assert_ready_eq};

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

/// Gives everybody whom the code has set going a few turns.
async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

/// Passes with each limiter that does what [`Limiter`] promises, and with no other.
pub async fn limiter_suite<L: Limiter>() {
    let per = Duration::from_secs(60);
    let limiter = L::new(3, per);
    // One goes each ten seconds; three fit in a minute, and then it goes on as it began.
    let start = Instant::now();
    let mut expected = Vec::new();
    for turn in 0..3_u32 {
        expected.extend([0, 10, 20].map(|second| per * turn + Duration::from_secs(second)));
    }
    for moment in expected {
        if moment < per {
            sleep_until(start + moment).await;
        } else {
            // The one before me has gone, and I ask at once. Nobody lets me through
            // before it is time.
            let mut early = spawn(limiter.acquire());
            assert_pending!(early.poll());
            sleep_until(start + moment - Duration::from_millis(2)).await;
            assert_pending!(early.poll());
            // And who gives up has not gone.
            drop(early);
        }
        limiter.acquire().await;
        assert_eq!(start.elapsed(), moment);
    }

    // Three minutes later, three fit in a minute again, and no more.
    sleep(per * 3).await;
    for _ in 0..3 {
        limiter.acquire().await;
    }
    let mut early = spawn(limiter.acquire());
    assert_pending!(early.poll());
    sleep(per - Duration::from_millis(2)).await;
    assert_pending!(early.poll());
    drop(early);

    // Who comes first goes first.
    let limiter = L::new(1, per);
    limiter.acquire().await;
    let mut waiting: Vec<_> = (0..3).map(|_| spawn(limiter.acquire())).collect();
    let mut order = Vec::new();
    for _ in 0..4 {
        for (who, task) in waiting.iter_mut().enumerate() {
            if !order.contains(&who) && task.poll().is_ready() {
                order.push(who);
            }
        }
        settle().await;
        for (who, task) in waiting.iter_mut().enumerate() {
            if !order.contains(&who) && task.poll().is_ready() {
                order.push(who);
            }
        }
        sleep(per).await;
    }
    assert_eq!(order, [0, 1, 2]);
}

/// Passes with each queue that does what [`Queue`] promises, and with no other.
pub async fn queue_suite<Q: Queue>() {
    let queue = Q::new(1);
    // A pop that waits is moved, and the mock task that has it is woken.
    let mut pop = pin!(queue.pop());
    {
        let mut first = spawn(pop.as_mut());
        assert_pending!(first.poll());
        settle().await;
        assert_pending!(first.poll());
    }
    let mut second = spawn(pop.as_mut());
    assert_pending!(second.poll());
    queue.push(1).await.unwrap();
    assert!(second.is_woken());
    assert_ready_eq!(second.poll(), Some(1));

    // A push that waits.
    queue.push(2).await.unwrap();
    let mut push = spawn(queue.push(3));
    assert_pending!(push.poll());
    settle().await;
    assert_pending!(push.poll());
    assert_eq!(queue.pop().await, Some(2));
    assert!(push.is_woken());
    assert_ready_eq!(push.poll(), Ok(()));

    // A push that is dropped, and a pop that is: nothing more in it, and nothing less.
    let mut push = spawn(queue.push(4));
    assert_pending!(push.poll());
    settle().await;
    assert_pending!(push.poll());
    drop(push);
    let mut pop = spawn(queue.pop());
    match pop.poll() {
        std::task::Poll::Ready(item) => assert_eq!(item, Some(3)),
        std::task::Poll::Pending => {
            drop(pop);
            assert_eq!(queue.pop().await, Some(3));
        }
    }
    let mut pop = spawn(queue.pop());
    assert_pending!(pop.poll());
    settle().await;
    assert_pending!(pop.poll());

    // The end.
    queue.close();
    settle().await;
    assert!(pop.is_woken());
    assert_eq!(assert_ready!(pop.poll()), None);
    assert_eq!(queue.push(5).await, Err(5));

    let queue = Q::new(2);
    queue.push(6).await.unwrap();
    queue.push(7).await.unwrap();
    let mut push = spawn(queue.push(8));
    assert_pending!(push.poll());
    settle().await;
    queue.close();
    settle().await;
    assert!(push.is_woken());
    assert_ready_eq!(push.poll(), Err(8));
    for left in [Some(6), Some(7), None] {
        assert_eq!(queue.pop().await, left);
    }
}
