//! "At the end I end one after the other, and wait for each."

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub struct Nursery<T, E> {
    children: mpsc::UnboundedSender<BoxFuture<'static, Result<T, E>>>,
}

enum Failure<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

/// Whoever is in here ends with it.
struct Handles(Vec<JoinHandle<()>>);

impl Drop for Handles {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
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
    let (reports, mut ended) = mpsc::unbounded_channel();
    let nursery = Nursery { children };
    let mut handles = Handles(Vec::new());
    let mut values = Vec::new();
    let mut alive = 0;
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
                    alive += 1;
                    let reports = reports.clone();
                    handles.0.push(tokio::spawn(async move {
                        let _ = reports.send((number, AssertUnwindSafe(child).catch_unwind().await));
                    }));
                }
                Some((number, ended)) = ended.recv() => {
                    alive -= 1;
                    match ended {
                        Ok(Ok(value)) => values[number] = Some(value),
                        Ok(Err(error)) => break Err(Failure::Error(error)),
                        Err(panic) => break Err(Failure::Panic(panic)),
                    }
                }
            }
            if given.is_some() && born.is_empty() && alive == 0 {
                break Ok(());
            }
        }
    };
    for handle in std::mem::take(&mut handles.0) {
        handle.abort();
        let _ = handle.await;
    }
    match outcome {
        Ok(()) => Ok((given.unwrap(), values.into_iter().flatten().collect())),
        Err(Failure::Error(error)) => Err(error),
        Err(Failure::Panic(panic)) => resume_unwind(panic),
    }
}
