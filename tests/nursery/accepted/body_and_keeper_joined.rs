//! Right: one future is the body, another one keeps the children; whichever fails ends both.

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};

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

pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let (children, mut born) = mpsc::unbounded_channel::<BoxFuture<'static, Result<T, E>>>();
    let mut tasks = JoinSet::new();
    let mut values = Vec::new();
    let outcome = {
        let body = async {
            let nursery = Nursery { children };
            let ended = AssertUnwindSafe(async { body(&nursery).await }).catch_unwind().await;
            ended.map_err(Failure::Panic)?.map_err(Failure::Error)
            // Here the nursery is dropped, and with it the channel has an end.
        };
        let keeper = async {
            loop {
                tokio::select! {
                    Some(child) = born.recv() => {
                        let number = values.len();
                        values.push(None);
                        tasks.spawn(async move { (number, child.await) });
                    }
                    Some(ended) = tasks.join_next() => match ended {
                        Ok((number, Ok(value))) => values[number] = Some(value),
                        Ok((_, Err(error))) => return Err(Failure::Error(error)),
                        Err(error) => return Err(Failure::Panic(error.into_panic())),
                    },
                    else => return Ok(()),
                }
            }
        };
        tokio::try_join!(body, keeper)
    };
    tasks.shutdown().await;
    match outcome {
        Ok((given, ())) => Ok((given, values.into_iter().flatten().collect())),
        Err(Failure::Error(error)) => Err(error),
        Err(Failure::Panic(panic)) => resume_unwind(panic),
    }
}
