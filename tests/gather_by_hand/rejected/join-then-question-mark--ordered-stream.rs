//! "An ordered stream of results, collected": an error waits behind whoever stands before it.

use std::future::Future;

use futures::stream::FuturesOrdered;
use futures::{StreamExt, TryStreamExt};

pub fn join_all<I>(iter: I) -> impl Future<Output = Vec<<I::Item as Future>::Output>>
where
    I: IntoIterator,
    I::Item: Future,
{
    iter.into_iter().collect::<FuturesOrdered<_>>().collect()
}

pub fn try_join_all<I, T, E>(iter: I) -> impl Future<Output = Result<Vec<T>, E>>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    iter.into_iter().collect::<FuturesOrdered<_>>().try_collect()
}
