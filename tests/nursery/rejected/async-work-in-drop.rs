//! "Also when I am dropped somebody has to wait until all have gone."

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub struct Nursery<T, E> {
    children: mpsc::UnboundedSender<BoxFuture<'static, Result<T, E>>>,
}

enum Failure<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let _ = self.children.send(Box::pin(child));
    }
}

/// Its children are waited for, too.
struct Leaves<V: Send + 'static>(JoinSet<V>);

impl<V: Send + 'static> Drop for Leaves<V> {
    fn drop(&mut self) {
        let mut tasks = std::mem::take(&mut self.0);
        if tasks.is_empty() {
            return;
        }
        tokio::spawn(async move { tasks.shutdown().await });
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
    let mut tasks = Leaves(JoinSet::new());
    let mut values = Vec::new();
    let mut given = None;
    let outcome = {
        let mut body = pin!(AssertUnwindSafe(async { body(&nursery).await }).catch_unwind());
        loop {
            tokio::select! {
                biased;
                ended = &mut body, if given.is_none() => match ended {
                    Ok(Ok(value)) => given = Some(value),
                    Ok(Err(error)) => break Err(Failure::Error(error)),
                    Err(panic) => break Err(Failure::Panic(panic)),
                },
                Some(child) = born.recv() => {
                    let number = values.len();
                    values.push(None);
                    tasks.0.spawn(async move { (number, child.await) });
                }
                Some(ended) = tasks.0.join_next() => match ended {
                    Ok((number, Ok(value))) => values[number] = Some(value),
                    Ok((_, Err(error))) => break Err(Failure::Error(error)),
                    Err(error) => break Err(Failure::Panic(error.into_panic())),
                },
            }
            if given.is_some() && born.is_empty() && tasks.0.is_empty() {
                break Ok(());
            }
        }
    };
    tasks.0.shutdown().await;
    match outcome {
        Ok(()) => Ok((given.unwrap(), values.into_iter().flatten().collect())),
        Err(Failure::Error(error)) => Err(error),
        Err(Failure::Panic(panic)) => resume_unwind(panic),
    }
}
