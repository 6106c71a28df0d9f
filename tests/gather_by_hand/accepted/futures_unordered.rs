//! A set that polls only who was woken; each part brings its place along.

use std::future::Future;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub fn join_all<I>(iter: I) -> impl Future<Output = Vec<<I::Item as Future>::Output>>
where
    I: IntoIterator,
    I::Item: Future,
{
    let mut running = in_places(iter);
    async move {
        let mut results: Vec<_> = (0..running.len()).map(|_| None).collect();
        while let Some((place, output)) = running.next().await {
            results[place] = Some(output);
        }
        results.into_iter().flatten().collect()
    }
}

pub fn try_join_all<I, T, E>(iter: I) -> impl Future<Output = Result<Vec<T>, E>>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let mut running = in_places(iter);
    async move {
        let mut results: Vec<_> = (0..running.len()).map(|_| None).collect();
        while let Some((place, output)) = running.next().await {
            results[place] = Some(output?);
        }
        Ok(results.into_iter().flatten().collect())
    }
}

fn in_places<I>(
    iter: I,
) -> FuturesUnordered<impl Future<Output = (usize, <I::Item as Future>::Output)>>
where
    I: IntoIterator,
    I::Item: Future,
{
    iter.into_iter().enumerate().map(|(place, part)| async move { (place, part.await) }).collect()
}
