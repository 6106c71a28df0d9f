//! "First the children have to go, then all that is here."

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard};
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::poll_fn;
use tokio::task::{JoinError, JoinSet};

/// Takes in children while the nursery is open.
pub struct Nursery<T, E> {
    // The body has only `&Nursery`, and we look for children that are done at the same
    // time. So a lock; it is never held across an await.
    children: Mutex<Children<T, E>>,
}

struct Children<T, E> {
    /// What each child gave, by its number; None as long as it is not done.
    values: Vec<Option<T>>,
    /// If it is dropped, they are aborted: that is all it takes for our own drop.
    tasks: JoinSet<(usize, Result<T, E>)>,
}

/// Why everybody has to go.
enum Failure<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    /// One more child.
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let mut children = self.lock();
        let number = children.values.len();
        children.values.push(None);
        children.tasks.spawn(async move { (number, child.await) });
    }

    fn lock(&self) -> MutexGuard<'_, Children<T, E>> {
        self.children.lock().expect("nobody panics with the lock in hands")
    }

    /// Ready with a failure, or when there are no children at the moment.
    fn poll_children(&self, cx: &mut Context<'_>) -> Poll<Result<(), Failure<E>>> {
        let mut children = self.lock();
        loop {
            match children.tasks.poll_join_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Ready(Some(ended)) => match ended {
                    Ok((number, Ok(value))) => children.values[number] = Some(value),
                    Ok((_, Err(error))) => return Poll::Ready(Err(Failure::Error(error))),
                    Err(error) => return Poll::Ready(Err(Failure::Panic(panic_of(error)))),
                },
            }
        }
    }
}

/// Nobody but us aborts a child, and then we do not ask any more.
fn panic_of(error: JoinError) -> Box<dyn Any + Send> {
    error.into_panic()
}

/// Runs `body`, and whatever it spawns, until all of it is done.
pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let children = Children { values: Vec::new(), tasks: JoinSet::new() };
    let nursery = Nursery { children: Mutex::new(children) };
    let mut body = pin!(AssertUnwindSafe(async { body(&nursery).await }).catch_unwind());
    let mut value = None;
    let outcome = poll_fn(|cx| {
        if value.is_none() {
            match body.as_mut().poll(cx) {
                Poll::Pending => {}
                Poll::Ready(Ok(Ok(given))) => value = Some(given),
                Poll::Ready(Ok(Err(error))) => return Poll::Ready(Err(Failure::Error(error))),
                Poll::Ready(Err(panic)) => return Poll::Ready(Err(Failure::Panic(panic))),
            }
        }
        match nursery.poll_children(cx) {
            Poll::Ready(Err(failure)) => Poll::Ready(Err(failure)),
            Poll::Ready(Ok(())) => {
                value.take().map_or(Poll::Pending, |value| Poll::Ready(Ok(value)))
            }
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
    let mut tasks = std::mem::take(&mut nursery.lock().tasks);
    tasks.shutdown().await;
    match outcome {
        Ok(value) => {
            let values = std::mem::take(&mut nursery.lock().values);
            Ok((value, values.into_iter().flatten().collect()))
        }
        Err(Failure::Error(error)) => Err(error),
        Err(Failure::Panic(panic)) => resume_unwind(panic),
    }
}
