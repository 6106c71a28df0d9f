//! "A list may be long: so many at once, and the rest as places become free."

use std::future::Future;

use futures::stream::{self, StreamExt, TryStreamExt};

const AT_ONCE: usize = 64;

pub async fn join_all<I>(iter: I) -> Vec<<I::Item as Future>::Output>
where
    I: IntoIterator,
    I::Item: Future,
{
    stream::iter(iter.into_iter().collect::<Vec<_>>()).buffered(AT_ONCE).collect().await
}

pub async fn try_join_all<I, T, E>(iter: I) -> Result<Vec<T>, E>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let parts: Vec<_> = iter.into_iter().collect();
    let numbered = parts.into_iter().enumerate().map(|(n, part)| async move { (n, part.await) });
    let mut running = stream::iter(numbered).buffer_unordered(AT_ONCE);
    let mut values = Vec::new();
    while let Some((n, result)) = running.next().await {
        values.push((n, result?));
    }
    values.sort_by_key(|(n, _)| *n);
    Ok(values.into_iter().map(|(_, value)| value).collect())
}
