//! "The children wake whoever has polled me first."

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use futures::FutureExt;
use tokio::task::JoinHandle;

struct State<T, E> {
    handles: Vec<JoinHandle<()>>,
    values: Vec<Option<T>>,
    alive: usize,
    failure: Option<Failure<E>>,
    waker: Option<Waker>,
}

pub struct Nursery<T, E>(Arc<Mutex<State<T, E>>>);

enum Failure<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let mut state = self.0.lock().unwrap();
        let number = state.values.len();
        state.values.push(None);
        state.alive += 1;
        let all = self.0.clone();
        state.handles.push(tokio::spawn(async move {
            let ended = AssertUnwindSafe(child).catch_unwind().await;
            let mut state = all.lock().unwrap();
            state.alive -= 1;
            match ended {
                Ok(Ok(value)) => state.values[number] = Some(value),
                Ok(Err(error)) => {
                    state.failure.get_or_insert(Failure::Error(error));
                }
                Err(panic) => {
                    state.failure.get_or_insert(Failure::Panic(panic));
                }
            }
            if let Some(waker) = &state.waker {
                waker.wake_by_ref();
            }
        }));
    }
}

impl<T, E> Drop for Nursery<T, E> {
    fn drop(&mut self) {
        self.0.lock().unwrap().handles.iter().for_each(JoinHandle::abort);
    }
}

pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let nursery = Nursery(Arc::new(Mutex::new(State {
        handles: Vec::new(),
        values: Vec::new(),
        alive: 0,
        failure: None,
        waker: None,
    })));
    let outcome = {
        let mut body = pin!(AssertUnwindSafe(async { body(&nursery).await }).catch_unwind());
        let mut value = None;
        poll_fn(|cx| {
            nursery.0.lock().unwrap().waker.get_or_insert_with(|| cx.waker().clone());
            if value.is_none()
                && let Poll::Ready(ended) = body.as_mut().poll(cx)
            {
                match ended {
                    Ok(Ok(given)) => value = Some(given),
                    Ok(Err(error)) => return Poll::Ready(Err(Failure::Error(error))),
                    Err(panic) => return Poll::Ready(Err(Failure::Panic(panic))),
                }
            }
            let mut state = nursery.0.lock().unwrap();
            if let Some(failure) = state.failure.take() {
                return Poll::Ready(Err(failure));
            }
            match value.take() {
                Some(given) if state.alive == 0 => Poll::Ready(Ok(given)),
                other => {
                    value = other;
                    Poll::Pending
                }
            }
        })
        .await
    };
    let (mut handles, values) = {
        let mut state = nursery.0.lock().unwrap();
        state.handles.iter().for_each(JoinHandle::abort);
        (std::mem::take(&mut state.handles), std::mem::take(&mut state.values))
    };
    for handle in &mut handles {
        let _ = handle.await;
    }
    match outcome {
        Ok(value) => Ok((value, values.into_iter().flatten().collect())),
        Err(Failure::Error(error)) => Err(error),
        Err(Failure::Panic(panic)) => resume_unwind(panic),
    }
}
