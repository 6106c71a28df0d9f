//! "An async fn is the easiest future to write."

use std::future::Future;

pub async fn join_all<I>(iter: I) -> Vec<<I::Item as Future>::Output>
where
    I: IntoIterator,
    I::Item: Future,
{
    let parts: Vec<_> = iter.into_iter().collect();
    let mut results = Vec::new();
    for part in parts {
        results.push(part.await);
    }
    results
}

pub async fn try_join_all<I, T, E>(iter: I) -> Result<Vec<T>, E>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let parts: Vec<_> = iter.into_iter().collect();
    let mut results = Vec::new();
    for part in parts {
        results.push(part.await?);
    }
    Ok(results)
}
