//! "FuturesUnordered runs them all, and gets them back when it is dropped."

use std::pin::pin;

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::sync::mpsc;

pub struct Nursery<T, E> {
    children: mpsc::UnboundedSender<BoxFuture<'static, Result<T, E>>>,
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let _ = self.children.send(Box::pin(child));
    }
}

pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let (children, mut born) = mpsc::unbounded_channel::<BoxFuture<'static, Result<T, E>>>();
    let nursery = Nursery { children };
    let mut running = FuturesUnordered::new();
    let mut values = Vec::new();
    let mut given = None;
    let mut body = pin!(body(&nursery));
    loop {
        tokio::select! {
            biased;
            ended = &mut body, if given.is_none() => given = Some(ended?),
            Some(child) = born.recv() => {
                let number = values.len();
                values.push(None);
                running.push(async move { (number, child.await) });
            }
            Some((number, ended)) = running.next() => values[number] = Some(ended?),
        }
        if born.is_empty() && running.is_empty() && given.is_some() {
            break;
        }
    }
    Ok((given.unwrap(), values.into_iter().flatten().collect()))
}
