//! A place for each item that is at work, and one `poll_fn` that looks after them all.

use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::task::Poll;

use futures::Stream;

enum Place<'a, R> {
    AtWork(Pin<Box<dyn Future<Output = R> + 'a>>),
    Done(R),
}

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let mut s = pin!(s);
    let mut ended = false;
    let mut places: Vec<Place<'_, R>> = Vec::new();
    poll_fn(|cx| {
        loop {
            let mut at_work = 0;
            for place in &mut places {
                if let Place::AtWork(work) = place {
                    match work.as_mut().poll(cx) {
                        Poll::Ready(result) => *place = Place::Done(result),
                        Poll::Pending => at_work += 1,
                    }
                }
            }
            if ended || at_work >= limit.get() {
                return if at_work == 0 { Poll::Ready(()) } else { Poll::Pending };
            }
            match s.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => places.push(Place::AtWork(Box::pin(f(item)))),
                Poll::Ready(None) => ended = true,
                Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await;
    let done = |place| match place {
        Place::Done(result) => result,
        Place::AtWork(_) => unreachable!("all are done"),
    };
    places.into_iter().map(done).collect()
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    map_ordered(s, limit, f).await;
}
