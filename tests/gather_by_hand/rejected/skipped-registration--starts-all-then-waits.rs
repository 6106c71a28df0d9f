//! "Poll each of them once, which starts it; then await one after the other."

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use futures::future::{MaybeDone, maybe_done};

/// All of them under way: in asyncio they would go on by themselves.
async fn started<F: Future>(parts: Vec<F>) -> Vec<Pin<Box<MaybeDone<F>>>> {
    let mut parts: Vec<_> = parts.into_iter().map(|part| Box::pin(maybe_done(part))).collect();
    poll_fn(|cx| {
        for part in &mut parts {
            let _ = part.as_mut().poll(cx);
        }
        Poll::Ready(())
    })
    .await;
    parts
}

pub async fn join_all<I>(iter: I) -> Vec<<I::Item as Future>::Output>
where
    I: IntoIterator,
    I::Item: Future,
{
    let mut results = Vec::new();
    for mut part in started(iter.into_iter().collect()).await {
        part.as_mut().await;
        results.extend(part.as_mut().take_output());
    }
    results
}

pub async fn try_join_all<I, T, E>(iter: I) -> Result<Vec<T>, E>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let mut results = Vec::new();
    for mut part in started(iter.into_iter().collect()).await {
        part.as_mut().await;
        if let Some(result) = part.as_mut().take_output() {
            results.push(result?);
        }
    }
    Ok(results)
}
