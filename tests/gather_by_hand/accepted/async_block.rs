//! Two async blocks around a `poll_fn`: what a struct would keep are variables here.

use std::future::{Future, poll_fn};
use std::task::Poll;

pub fn join_all<I>(iter: I) -> impl Future<Output = Vec<<I::Item as Future>::Output>>
where
    I: IntoIterator,
    I::Item: Future,
{
    let parts: Vec<_> = iter.into_iter().collect();
    async move {
        match gathered(parts, |output| Ok::<_, std::convert::Infallible>(output)).await {
            Ok(results) => results,
        }
    }
}

pub fn try_join_all<I, T, E>(iter: I) -> impl Future<Output = Result<Vec<T>, E>>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let parts: Vec<_> = iter.into_iter().collect();
    gathered(parts, |output| output)
}

async fn gathered<F: Future, T, E>(
    parts: Vec<F>,
    check: impl Fn(F::Output) -> Result<T, E>,
) -> Result<Vec<T>, E> {
    let mut running: Vec<_> = parts.into_iter().map(Box::pin).enumerate().collect();
    let mut results: Vec<Option<T>> = running.iter().map(|_| None).collect();
    poll_fn(|cx| {
        let mut n = 0;
        while let Some((place, part)) = running.get_mut(n) {
            match part.as_mut().poll(cx).map(&check) {
                Poll::Pending => n += 1,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Ready(Ok(value)) => {
                    results[*place] = Some(value);
                    running.swap_remove(n); // moves boxes, and no futures
                }
            }
        }
        if running.is_empty() { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await?;
    Ok(results.into_iter().flatten().collect())
}
