//! "Every few milliseconds it looks whether all have gone."

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinHandle, JoinSet};
use tokio::time::sleep;

/// What a server is given to do.
pub type Job = BoxFuture<'static, ()>;

/// What became of the jobs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Came to their end.
    pub done: usize,
    /// Were begun, and did not.
    pub aborted: usize,
    /// Have not been begun.
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

/// Runs jobs until it is told to stop.
pub struct Server {
    // A state, not an event: it can be seen however late one looks.
    stopping: watch::Sender<bool>,
    task: JoinHandle<Summary>,
}

impl Server {
    /// Takes jobs out of the queue as they come.
    pub fn start(jobs: mpsc::Receiver<Job>, grace: Duration) -> Server {
        let (stopping, stopped) = watch::channel(false);
        Server { stopping, task: tokio::spawn(serve(jobs, stopped, grace)) }
    }

    /// Begins the shutdown.
    pub fn stop(&self) {
        // If nobody is there to hear it, all is over.
        let _ = self.stopping.send(true);
    }

    /// Waits for the end.
    pub async fn join(mut self) -> Summary {
        // By reference: should this future be dropped, `self` is, and that ends the task.
        while !self.task.is_finished() {
            sleep(Duration::from_millis(10)).await;
        }
        (&mut self.task).await.expect("jobs panic in tasks of their own")
    }
}

/// The handle of a task lets go of it when it is dropped; here the task has to go.
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
    // Aborts its tasks when it is dropped, so it all ends with this future.
    let mut running = JoinSet::new();
    let mut open = true;
    while open || !running.is_empty() {
        tokio::select! {
            // A full queue is ready in every turn. So from top to bottom, and the stop
            // comes first.
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => break,
            job = jobs.recv(), if open => match job {
                Some(job) => drop(running.spawn(job)),
                None => open = false,
            },
            Some(ended) = running.join_next() => summary.count(ended),
        }
    }

    // Nobody can send any more, except for those who have a place already. What has been
    // sent is still in there.
    jobs.close();
    // Made once, outside of the loop: the grace does not begin anew with each job.
    let mut grace = std::pin::pin!(sleep(grace));
    while open || !running.is_empty() {
        tokio::select! {
            // The queue first. It gets no longer now, and each job in it is counted, even if
            // there is no grace at all.
            biased;
            job = jobs.recv(), if open => match job {
                Some(_) => summary.rejected += 1,
                None => open = false,
            },
            () = &mut grace => break,
            Some(ended) = running.join_next() => summary.count(ended),
        }
    }

    // An abort only asks. Each of them is awaited, and counted.
    running.abort_all();
    while let Some(ended) = running.join_next().await {
        summary.count(ended);
    }
    summary
}
