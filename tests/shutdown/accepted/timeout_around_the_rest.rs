//! Right: a oneshot that is taken by the first stop, and a timeout around the wait for all that run.

use std::sync::Mutex;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

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
    stopping: Mutex<Option<oneshot::Sender<()>>>,
    task: JoinSet<Summary>,
}

impl Server {
    pub fn start(jobs: mpsc::Receiver<Job>, grace: Duration) -> Server {
        let (stopping, stopped) = oneshot::channel();
        let mut task = JoinSet::new();
        task.spawn(serve(jobs, stopped, grace));
        Server { stopping: Mutex::new(Some(stopping)), task }
    }

    pub fn stop(&self) {
        if let Some(stopping) = self.stopping.lock().unwrap().take() {
            let _ = stopping.send(());
        }
    }

    pub async fn join(mut self) -> Summary {
        self.task.join_next().await.unwrap().unwrap()
    }
}

async fn serve(
    mut jobs: mpsc::Receiver<Job>,
    stopped: oneshot::Receiver<()>,
    grace: Duration,
) -> Summary {
    let mut summary = Summary::default();
    let mut running = JoinSet::new();
    let take_all = async {
        while let Some(job) = jobs.recv().await {
            running.spawn(job);
            // Lets those go who are done.
            while let Some(ended) = running.try_join_next() {
                summary.count(ended);
            }
        }
        while let Some(ended) = running.join_next().await {
            summary.count(ended);
        }
    };
    tokio::select! {
        biased;
        _ = stopped => {}
        () = take_all => return summary,
    }
    jobs.close();
    while jobs.try_recv().is_ok() {
        summary.rejected += 1;
    }
    let in_time = async {
        // Those who had a place already may still come.
        while jobs.recv().await.is_some() {
            summary.rejected += 1;
        }
        while let Some(ended) = running.join_next().await {
            summary.count(ended);
        }
    };
    if timeout(grace, in_time).await.is_err() {
        running.abort_all();
        while let Some(ended) = running.join_next().await {
            summary.count(ended);
        }
    }
    summary
}
