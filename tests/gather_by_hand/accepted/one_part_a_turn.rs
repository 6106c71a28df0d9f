//! Polls one part in each turn, and asks for the next turn until it has gone round.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    let running: VecDeque<_> = iter.into_iter().map(Box::pin).enumerate().collect();
    let results = running.iter().map(|_| None).collect();
    JoinAll { idle: 0, running, results }
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    TryJoinAll { all: join_all(iter) }
}

pub struct JoinAll<F: Future> {
    running: VecDeque<(usize, Pin<Box<F>>)>,
    results: Vec<Option<F::Output>>,
    /// How many were Pending since the task was woken from outside.
    idle: usize,
}

impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future> JoinAll<F> {
    fn step(&mut self, cx: &mut Context<'_>) -> Option<usize> {
        let (place, mut part) = self.running.pop_front()?;
        let polled = part.as_mut().poll(cx);
        match polled {
            Poll::Ready(output) => {
                self.results[place] = Some(output);
                self.idle = 0;
                cx.waker().wake_by_ref();
                Some(place)
            }
            Poll::Pending => {
                self.running.push_back((place, part));
                self.idle += 1;
                if self.idle < self.running.len() {
                    cx.waker().wake_by_ref();
                } else {
                    self.idle = 0; // all have the waker: now it is their turn
                }
                None
            }
        }
    }
}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.step(cx);
        if !this.running.is_empty() {
            return Poll::Pending;
        }
        Poll::Ready(this.results.drain(..).flatten().collect())
    }
}

pub struct TryJoinAll<F: Future> {
    all: JoinAll<F>,
}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let all = &mut self.get_mut().all;
        let done = all.step(cx);
        if done.is_some_and(|place| matches!(all.results[place], Some(Err(_)))) {
            all.running.clear();
        }
        if !all.running.is_empty() {
            return Poll::Pending;
        }
        Poll::Ready(all.results.drain(..).flatten().collect())
    }
}
