//! Right: a notice that is stored until somebody looks for it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{Notify, mpsc};
use tokio::task::{JoinError, JoinHandle, JoinSet};
use tokio::time::sleep;

pub type Job = BoxFuture<'static, ()>;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub done: usize,
    pub aborted: usize,
    pub rejected: usize,
}

impl Summary {
    fn count(&mut self, ended: Result<(), JoinError>) {
        match ended {
            Ok(()) => self.done += 1,
            Err(_) => self.aborted += 1,
        }
    }
}

pub struct Server {
    stopping: Arc<Notify>,
    task: JoinHandle<Summary>,
}

impl Server {
    pub fn start(jobs: mpsc::Receiver<Job>, grace: Duration) -> Server {
        let stopping = Arc::new(Notify::new());
        let stopped = stopping.clone();
        Server { stopping, task: tokio::spawn(serve(jobs, stopped, grace)) }
    }

    pub fn stop(&self) {
        self.stopping.notify_one();
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

async fn serve(mut jobs: mpsc::Receiver<Job>, stopped: Arc<Notify>, grace: Duration) -> Summary {
    let mut summary = Summary::default();
    let mut running = JoinSet::new();
    let mut open = true;
    while open || !running.is_empty() {
        tokio::select! {
            biased;
            () = stopped.notified() => break,
            job = jobs.recv(), if open => match job {
                Some(job) => drop(running.spawn(job)),
                None => open = false,
            },
            Some(ended) = running.join_next() => summary.count(ended),
        }
    }
    jobs.close();
    let mut grace = pin!(sleep(grace));
    while open || !running.is_empty() {
        tokio::select! {
            biased;
            job = jobs.recv(), if open => match job {
                Some(_) => summary.rejected += 1,
                None => open = false,
            },
            () = &mut grace => break,
            Some(ended) = running.join_next() => summary.count(ended),
        }
    }
    running.abort_all();
    while let Some(ended) = running.join_next().await {
        summary.count(ended);
    }
    summary
}
