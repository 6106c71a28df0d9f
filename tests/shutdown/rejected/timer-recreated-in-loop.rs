//! "Ten seconds, or the next job that is done."

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
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
    stopping: watch::Sender<bool>,
    task: JoinHandle<Summary>,
}

impl Server {
    pub fn start(jobs: mpsc::Receiver<Job>, grace: Duration) -> Server {
        let (stopping, stopped) = watch::channel(false);
        Server { stopping, task: tokio::spawn(serve(jobs, stopped, grace)) }
    }

    pub fn stop(&self) {
        let _ = self.stopping.send(true);
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

async fn serve(
    mut jobs: mpsc::Receiver<Job>,
    mut stopped: watch::Receiver<bool>,
    grace: Duration,
) -> Summary {
    let mut summary = Summary::default();
    let mut running = JoinSet::new();
    let mut open = true;
    while open || !running.is_empty() {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => break,
            job = jobs.recv(), if open => match job {
                Some(job) => drop(running.spawn(job)),
                None => open = false,
            },
            Some(ended) = running.join_next() => summary.count(ended),
        }
    }
    jobs.close();
    while open || !running.is_empty() {
        tokio::select! {
            biased;
            job = jobs.recv(), if open => match job {
                Some(_) => summary.rejected += 1,
                None => open = false,
            },
            () = sleep(grace) => break,
            Some(ended) = running.join_next() => summary.count(ended),
        }
    }
    running.abort_all();
    while let Some(ended) = running.join_next().await {
        summary.count(ended);
    }
    summary
}
