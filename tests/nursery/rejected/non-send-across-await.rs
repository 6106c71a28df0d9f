//! "Only the body spawns, so a RefCell is enough."

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;

use futures::FutureExt;
use tokio::task::JoinSet;

enum Failure<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

pub struct Nursery<T, E> {
    born: Cell<usize>,
    children: RefCell<JoinSet<(usize, Result<T, E>)>>,
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let mut children = self.children.borrow_mut();
        let number = self.born.get();
        self.born.set(number + 1);
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
    let nursery = Nursery { born: Cell::new(0), children: RefCell::new(JoinSet::new()) };
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
                Some(ended) = poll_fn(|cx| nursery.children.borrow_mut().poll_join_next(cx)) => match ended {
                    Ok((number, Ok(value))) => values.push((number, value)),
                    Ok((_, Err(error))) => break Err(Failure::Error(error)),
                    Err(error) => break Err(Failure::Panic(error.into_panic())),
                },
            }
            if given.is_some() && nursery.children.borrow().is_empty() {
                break Ok(());
            }
        }
    };
    nursery.children.into_inner().shutdown().await;
    values.sort_by_key(|(number, _)| *number);
    match outcome {
        Ok(()) => Ok((given.unwrap(), values.into_iter().map(|(_, value)| value).collect())),
        Err(Failure::Error(error)) => Err(error),
        Err(Failure::Panic(panic)) => resume_unwind(panic),
    }
}
