//! "With all the handles I know when all are done."

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;
use std::sync::Mutex;

use futures::FutureExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

type Ended<T, E> = (usize, Result<Result<T, E>, Box<dyn Any + Send>>);

pub struct Nursery<T, E> {
    children: Mutex<Vec<JoinHandle<()>>>,
    ended: mpsc::UnboundedSender<Ended<T, E>>,
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let mut children = self.children.lock().unwrap();
        let (number, ended) = (children.len(), self.ended.clone());
        children.push(tokio::spawn(async move {
            let came = AssertUnwindSafe(child).catch_unwind().await;
            let _ = ended.send((number, came));
        }));
    }
}

pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let (ended, mut ends) = mpsc::unbounded_channel();
    let nursery = Nursery { children: Mutex::default(), ended };
    let mut values: Vec<(usize, T)> = Vec::new();
    let mut given = None;
    let outcome = {
        let mut body = pin!(AssertUnwindSafe(async { body(&nursery).await }).catch_unwind());
        loop {
            let (number, came) = tokio::select! {
                biased;
                ended = &mut body, if given.is_none() => match ended {
                    Ok(Ok(value)) => {
                        given = Some(value);
                        (usize::MAX, None)
                    }
                    Ok(Err(error)) => break Some(Ok(error)),
                    Err(panic) => break Some(Err(panic)),
                },
                Some((number, came)) = ends.recv() => (number, Some(came)),
            };
            match came {
                Some(Ok(Ok(value))) => values.push((number, value)),
                Some(Ok(Err(error))) => break Some(Ok(error)),
                Some(Err(panic)) => break Some(Err(panic)),
                None => {}
            }
            if given.is_some() && values.len() == nursery.children.lock().unwrap().len() {
                break None;
            }
        }
    };
    for child in nursery.children.into_inner().unwrap() {
        if outcome.is_some() {
            child.abort();
        }
        let _ = child.await;
    }
    values.sort_by_key(|(number, _)| *number);
    match outcome {
        None => Ok((given.unwrap(), values.into_iter().map(|(_, value)| value).collect())),
        Some(Ok(error)) => Err(error),
        Some(Err(panic)) => resume_unwind(panic),
    }
}
