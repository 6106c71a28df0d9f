//! Right: a set behind a lock, an unbounded count of births, and a cancellation that waits for the last handle.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::FutureExt;
use tokio::task::JoinSet;

enum Failure<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

pub struct Nursery<T, E> {
    born: AtomicUsize,
    children: Mutex<JoinSet<(usize, Result<T, E>)>>,
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let mut children = self.children.lock().unwrap();
        let number = self.born.fetch_add(1, Ordering::Relaxed);
        children.spawn(async move { (number, child.await) });
    }
}

pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let nursery = Nursery { born: AtomicUsize::new(0), children: Mutex::new(JoinSet::new()) };
    let mut values: Vec<(usize, T)> = Vec::new();
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
                Some(ended) = poll_fn(|cx| nursery.children.lock().unwrap().poll_join_next(cx)) => match ended {
                    Ok((number, Ok(value))) => values.push((number, value)),
                    Ok((_, Err(error))) => break Err(Failure::Error(error)),
                    Err(error) => break Err(Failure::Panic(error.into_panic())),
                },
            }
            if given.is_some() && nursery.children.lock().unwrap().is_empty() {
                break Ok(());
            }
        }
    };
    let mut tasks = nursery.children.into_inner().unwrap();
    tasks.abort_all();
    while tasks.join_next().await.is_some() {}
    values.sort_by_key(|(number, _)| *number);
    match outcome {
        Ok(()) => Ok((given.unwrap(), values.into_iter().map(|(_, value)| value).collect())),
        Err(Failure::Error(error)) => Err(error),
        Err(Failure::Panic(panic)) => resume_unwind(panic),
    }
}
