//! Right: each job counts itself and hears when it is over; nobody has to keep its handle.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep;

pub type Job = BoxFuture<'static, ()>;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub done: usize,
    pub aborted: usize,
    pub rejected: usize,
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
    let (begun, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (alive, mut ends) = mpsc::channel::<()>(1);
    let (over, _) = watch::channel(false);
    loop {
        let job = tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => break,
            job = jobs.recv() => job,
        };
        let Some(job) = job else { break };
        begun.fetch_add(1, Ordering::Relaxed);
        let (done, alive, mut over) = (done.clone(), alive.clone(), over.subscribe());
        tokio::spawn(async move {
            let _alive = alive;
            tokio::select! {
                ended = std::panic::AssertUnwindSafe(job).catch_unwind() => {
                    done.fetch_add(ended.is_ok().into(), Ordering::Relaxed);
                }
                _ = over.wait_for(|over| *over) => {}
            }
        });
    }
    jobs.close();
    let mut rejected = 0;
    drop(alive);
    tokio::select! {
        biased;
        () = async {
            while jobs.recv().await.is_some() {
                rejected += 1;
            }
            ends.recv().await;
        } => {}
        () = async {
            let _ = stopped.wait_for(|stopped| *stopped).await;
            sleep(grace).await;
        } => {}
    }
    let _ = over.send(true);
    ends.recv().await;
    let done = done.load(Ordering::Relaxed);
    Summary { done, aborted: begun.load(Ordering::Relaxed) - done, rejected }
}
