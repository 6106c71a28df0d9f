//! Each part has a waker of its own, so that only who was woken is polled again.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Notes who was woken, and wakes the task that polled last.
struct Bell {
    rung: AtomicBool,
    task: Arc<Mutex<Waker>>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, SeqCst);
        let task = self.task.lock().unwrap().clone();
        task.wake();
    }
}

struct Part<F: Future> {
    bell: Arc<Bell>,
    future: Option<Pin<Box<F>>>,
    output: Option<F::Output>,
}

struct Parts<F: Future> {
    task: Arc<Mutex<Waker>>,
    parts: Vec<Part<F>>,
}

impl<F: Future> Parts<F> {
    fn new(iter: impl IntoIterator<Item = F>) -> Self {
        let task = Arc::new(Mutex::new(Waker::noop().clone()));
        let part = |future| Part {
            bell: Arc::new(Bell { rung: AtomicBool::new(true), task: task.clone() }),
            future: Some(Box::pin(future)),
            output: None,
        };
        let parts = iter.into_iter().map(part).collect();
        Parts { task, parts }
    }

    /// Polls who was woken. Whether all are done, or `enough` was seen.
    fn turn(&mut self, cx: &mut Context<'_>, enough: impl Fn(&F::Output) -> bool) -> bool {
        cx.waker().clone_into(&mut self.task.lock().unwrap());
        let mut all_done = true;
        for part in &mut self.parts {
            let Some(future) = &mut part.future else { continue };
            if !part.bell.rung.swap(false, SeqCst) {
                all_done = false;
                continue;
            }
            let waker = part.bell.clone().into();
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Pending => all_done = false,
                Poll::Ready(output) => {
                    part.future = None;
                    if enough(&part.output.insert(output)) {
                        return true;
                    }
                }
            }
        }
        all_done
    }

    fn outputs(&mut self) -> impl Iterator<Item = F::Output> {
        std::mem::take(&mut self.parts).into_iter().filter_map(|part| part.output)
    }
}

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    JoinAll(Parts::new(iter))
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    TryJoinAll(Parts::new(iter))
}

pub struct JoinAll<F: Future>(Parts<F>);

impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.0.turn(cx, |_| false) {
            Poll::Ready(self.0.outputs().collect())
        } else {
            Poll::Pending
        }
    }
}

pub struct TryJoinAll<F: Future>(Parts<F>);

impl<F: Future> Unpin for TryJoinAll<F> {}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.0.turn(cx, Result::is_err) {
            Poll::Ready(self.0.outputs().collect())
        } else {
            Poll::Pending
        }
    }
}
