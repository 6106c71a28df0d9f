//! Who asks with a key that is under way gets what the other one gets.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A ticket: something that somebody wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub id: u64,
    /// Begins with 1, and each change adds 1.
    pub version: u64,
    pub title: String,
}

/// The database has not done it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Down;

/// A connection to the database; there is only one.
///
/// What is written between `begin` and `commit` is there after the `commit`, all of it.
/// Outside of that nothing can be written. After an error or a panic in between, the
/// transaction is still open, until `rollback` forgets it.
///
/// Each of these takes its time, and may fail or panic. A future that is dropped before it
/// is ready tears the connection: what it has done is unknown, and from then on all fails.
pub trait Database: Send + 'static {
    /// Opens a transaction. Fails if there is one.
    fn begin(&mut self) -> impl Future<Output = Result<(), Down>> + Send;

    /// Also possible outside of a transaction.
    fn read(&mut self, id: u64) -> impl Future<Output = Result<Option<Issue>, Down>> + Send;

    /// A new ticket, with an id of its own and version 1.
    fn insert(&mut self, title: &str) -> impl Future<Output = Result<Issue, Down>> + Send;

    /// Replaces the ticket with this id.
    fn update(&mut self, ticket: &Issue) -> impl Future<Output = Result<(), Down>> + Send;

    /// If it fails, the transaction is still open.
    fn commit(&mut self) -> impl Future<Output = Result<(), Down>> + Send;

    /// Forgets the transaction, if there is one. Takes its time, but does not fail.
    fn rollback(&mut self) -> impl Future<Output = ()> + Send;
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// A new ticket. A client that does not know whether it was heard asks again, with the
    /// same key.
    Create {
        key: String,
        title: String,
    },
    Read {
        id: u64,
    },
    /// A new title for a ticket, which still has this version.
    Change {
        id: u64,
        version: u64,
        title: String,
    },
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// 200 or 201: the ticket as it is now.
    Issue(Issue),
    /// 404: there is no such ticket.
    Missing,
    /// 409: it has another version. This is the ticket as it is.
    Conflict(Issue),
    /// 500: the database has failed. Nothing has changed.
    Broken,
    /// 503: too many are waiting, or it is closed. Nothing has changed.
    Busy,
    /// 504: the reply is not there yet. What was asked for is still carried out.
    Late,
}

/// How long, and how many. None of it is 0.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// So many requests may wait for the one that has the database.
    pub waiting: usize,
    /// So long a client waits for its reply.
    pub patience: Duration,
}

/// A request, and the way back for its reply.
type Job = (Request, oneshot::Sender<Reply>, Option<watch::Sender<Option<Reply>>>);

/// Whoever creates something, and what comes of it.
type Keys = Arc<Mutex<HashMap<String, watch::Receiver<Option<Reply>>>>>;

/// Answers requests with a database.
pub struct Service<D: Database> {
    jobs: mpsc::Sender<Job>,
    patience: Duration,
    keys: Keys,
    /// The task has the other end of it, so it is also to be seen here when that is gone.
    closing: watch::Sender<bool>,
    task: JoinHandle<D>,
}

impl<D: Database> Service<D> {
    /// Spawns the task that has the database.
    pub fn start(database: D, rules: Rules) -> Self {
        let (jobs, queue) = mpsc::channel(rules.waiting);
        let (closing, closed) = watch::channel(false);
        let keys = Keys::default();
        let desk = Desk { database, keys: keys.clone() };
        let task = tokio::spawn(desk.serve(queue, closed));
        Service { jobs, patience: rules.patience, keys, closing, task }
    }

    /// Answers one request, within the time that its client waits for it.
    pub async fn handle(&self, request: Request) -> Reply {
        let (reply, answer) = oneshot::channel();
        if *self.closing.borrow() {
            return Reply::Busy;
        }
        let mut done = None;
        let mut same = None;
        if let Request::Create { key, .. } = &request {
            let mut keys = self.keys.lock().unwrap();
            match keys.get(key) {
                Some(other) => same = Some(other.clone()),
                None => {
                    let (sender, receiver) = watch::channel(None);
                    keys.insert(key.clone(), receiver);
                    done = Some((key.clone(), sender));
                }
            }
        }
        if let Some(mut same) = same {
            // Somebody else has asked for it: what it gets is for this one, too.
            let reply = timeout(self.patience, same.wait_for(Option::is_some)).await;
            return match reply {
                Ok(Ok(reply)) => (*reply).clone().unwrap_or(Reply::Broken),
                Ok(Err(_)) => Reply::Broken,
                Err(_) => Reply::Late,
            };
        }
        let (key, done) = done.unzip();
        if self.jobs.try_send((request, reply, done)).is_err() {
            if let Some(key) = key {
                self.keys.lock().unwrap().remove(&key);
            }
            return Reply::Busy;
        }
        // The limit is around the wait for it, and not around the work.
        match timeout(self.patience, answer).await {
            Ok(reply) => reply.unwrap_or(Reply::Broken),
            Err(_) => Reply::Late,
        }
    }

    /// Takes nothing more, and returns when all else has been carried out.
    pub async fn close(&self) {
        self.closing.send_replace(true);
        self.closing.closed().await;
    }
}

impl<D: Database> Drop for Service<D> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What the task has.
struct Desk<D> {
    database: D,
    keys: Keys,
}

impl<D: Database> Desk<D> {
    async fn serve(
        mut self,
        mut queue: mpsc::Receiver<Job>,
        mut closed: watch::Receiver<bool>,
    ) -> D {
        loop {
            let job = tokio::select! {
                _ = closed.wait_for(|closed| *closed), if !queue.is_closed() => {
                    // What has been sent is still in there.
                    queue.close();
                    continue;
                }
                job = queue.recv() => job,
            };
            let Some((request, reply, tell)) = job else { return self.database };
            let key = match &request {
                Request::Create { key, .. } => Some(key.clone()),
                _ => None,
            };
            let done = self.carry_out(request).await;
            if let (Some(key), Reply::Broken) = (&key, &done) {
                self.keys.lock().unwrap().remove(key);
            }
            if let Some(tell) = tell {
                tell.send_replace(Some(done.clone()));
            }
            // The client may have left. Nobody else has to know.
            let _ = reply.send(done);
        }
    }

    async fn carry_out(&mut self, request: Request) -> Reply {
        match AssertUnwindSafe(self.attempt(request)).catch_unwind().await {
            Ok(Ok(reply)) => reply,
            Ok(Err(Down)) | Err(_) => {
                self.database.rollback().await;
                Reply::Broken
            }
        }
    }

    async fn attempt(&mut self, request: Request) -> Result<Reply, Down> {
        let database = &mut self.database;
        Ok(match request {
            Request::Create { title, .. } => {
                database.begin().await?;
                let ticket = database.insert(&title).await?;
                database.commit().await?;
                Reply::Issue(ticket)
            }
            Request::Read { id } => database.read(id).await?.map_or(Reply::Missing, Reply::Issue),
            Request::Change { id, version, title } => {
                database.begin().await?;
                match database.read(id).await? {
                    Some(ticket) if ticket.version == version => {
                        let ticket = Issue { version: version + 1, title, ..ticket };
                        database.update(&ticket).await?;
                        database.commit().await?;
                        Reply::Issue(ticket)
                    }
                    other => {
                        database.rollback().await;
                        other.map_or(Reply::Missing, Reply::Conflict)
                    }
                }
            }
        })
    }
}
