//! Right: what is told is the moment of the stop; a handle for each job, and a guard that aborts it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{Instant, sleep_until};

pub type Job = BoxFuture<'static, ()>;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub done: usize,
    pub aborted: usize,
    pub rejected: usize,
}

pub struct Server {
    stopped_at: watch::Sender<Option<Instant>>,
    task: JoinHandle<Summary>,
}

impl Server {
    pub fn start(jobs: mpsc::Receiver<Job>, grace: Duration) -> Server {
        let (stopped_at, stop) = watch::channel(None);
        Server { stopped_at, task: tokio::spawn(serve(jobs, stop, grace)) }
    }

    pub fn stop(&self) {
        self.stopped_at.send_if_modified(|at| {
            let first = at.is_none();
            *at = at.or(Some(Instant::now()));
            first
        });
    }

    pub async fn join(mut self) -> Summary {
        (&mut self.task).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Whoever drops this aborts the job.
struct Running(AbortHandle);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn serve(
    mut jobs: mpsc::Receiver<Job>,
    mut stop: watch::Receiver<Option<Instant>>,
    grace: Duration,
) -> Summary {
    let mut summary = Summary::default();
    let mut running = FuturesUnordered::new();
    let mut handles = Vec::new();
    let mut open = true;
    let stopped_at = loop {
        if !open && running.is_empty() {
            break None;
        }
        tokio::select! {
            biased;
            at = stop.wait_for(|at| at.is_some()) => break at.ok().and_then(|at| *at),
            job = jobs.recv(), if open => match job {
                None => open = false,
                Some(job) => {
                    let task = tokio::spawn(AssertUnwindSafe(job).catch_unwind());
                    handles.push(Running(task.abort_handle()));
                    running.push(task);
                }
            },
            Some(ended) = running.next() => {
                if matches!(ended, Ok(Ok(()))) { summary.done += 1 } else { summary.aborted += 1 }
            }
        }
    };
    jobs.close();
    if let Some(at) = stopped_at {
        let over = sleep_until(at + grace);
        tokio::pin!(over);
        while open || !running.is_empty() {
            tokio::select! {
                biased;
                job = jobs.recv(), if open => match job {
                    None => open = false,
                    Some(_) => summary.rejected += 1,
                },
                () = &mut over => break,
                Some(ended) = running.next() => {
                    if matches!(ended, Ok(Ok(()))) { summary.done += 1 } else { summary.aborted += 1 }
                }
            }
        }
        handles.clear();
        while let Some(ended) = running.next().await {
            if matches!(ended, Ok(Ok(()))) { summary.done += 1 } else { summary.aborted += 1 }
        }
    }
    summary
}
