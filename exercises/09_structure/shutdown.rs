//! shutdown: stop taking, finish what was taken, and say what became of it.
//!
//! You know this from asyncio:
//!
//!     loop.add_signal_handler(signal.SIGTERM, stopping.set)
//!     await stopping.wait()
//!     done, late = await asyncio.wait(running, timeout=10)
//!     for task in late:
//!         task.cancel()
//!
//! Somebody presses Ctrl-C. To leave at once loses what is half done; to wait for
//! everything may take for ever. In between there is a period of grace.
//!
//! It ends well if nobody has to guess afterwards. Each job that somebody got rid of was
//! done, or was broken off, or was never begun, and there is a number for each of these.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::mpsc;

/// What a server is given to do.
pub type Job = BoxFuture<'static, ()>;

/// What became of the jobs: each that was sent is counted once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Came to their end.
    pub done: usize,
    /// Were begun, and did not: aborted when the grace was over, or ended by a panic.
    pub aborted: usize,
    /// Were still in the queue, and have not been begun.
    pub rejected: usize,
}

/// Runs jobs until it is told to stop.
pub struct Server {
    // TODO: what runs the jobs, and what tells it to stop?
}

impl Server {
    /// Takes jobs out of the queue as they come. Each runs in a task of its own, all at
    /// once, whether or not anybody waits for the server. When the queue has an end and
    /// all jobs have been done, so is the server.
    ///
    /// Whoever drops the server, or [`join`](Server::join) half-way, aborts whatever runs.
    pub fn start(jobs: mpsc::Receiver<Job>, grace: Duration) -> Server {
        let _ = (jobs, grace);
        todo!("a task that takes jobs, and can be told to stop")
    }

    /// Begins the shutdown, and returns at once.
    ///
    /// From now on no job is begun, however many there are in the queue. Whoever wants to
    /// send one hears that nobody takes it; only who has reserved a place before may still
    /// use it until the grace is over. What runs has the `grace`, counted from this call, to
    /// come to its end. What still runs then is aborted, whether or not anybody waits for
    /// the server.
    ///
    /// Any further call changes nothing, nor does one when all is over.
    pub fn stop(&self) {
        todo!("the server hears of it, wherever it is")
    }

    /// Waits for the end, which may come before the grace is over. Then no job is alive.
    ///
    /// A job that panics is no reason to panic here, or for others to end.
    pub async fn join(self) -> Summary {
        todo!("the numbers, when all have gone")
    }
}
