//! Where nothing was written, there is nothing to undo.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::{mpsc, oneshot, watch};
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
type Job = (Request, oneshot::Sender<Reply>);

/// Answers requests with a database.
pub struct Service<D: Database> {
    jobs: mpsc::Sender<Job>,
    patience: Duration,
    /// The task has the other end of it, so it is also to be seen here when that is gone.
    closing: watch::Sender<bool>,
    /// Only the task has the database.
    database: PhantomData<fn(D)>,
}

impl<D: Database> Service<D> {
    /// Spawns the task that has the database. Nobody aborts it: when the service is gone, so
    /// are the senders. Then it carries out what is left, and ends.
    pub fn start(database: D, rules: Rules) -> Self {
        let (jobs, queue) = mpsc::channel(rules.waiting);
        let (closing, closed) = watch::channel(false);
        let desk = Desk { database, created: HashMap::new() };
        tokio::spawn(desk.serve(queue, closed));
        Service { jobs, patience: rules.patience, closing, database: PhantomData }
    }

    /// Answers one request, within the time that its client waits for it.
    pub async fn handle(&self, request: Request) -> Reply {
        let (reply, answer) = oneshot::channel();
        if *self.closing.borrow() || self.jobs.try_send((request, reply)).is_err() {
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

/// What the task has.
struct Desk<D> {
    database: D,
    /// The tickets that were created, by their keys.
    created: HashMap<String, Issue>,
}

impl<D: Database> Desk<D> {
    async fn serve(mut self, mut queue: mpsc::Receiver<Job>, mut closed: watch::Receiver<bool>) {
        loop {
            let job = tokio::select! {
                _ = closed.wait_for(|closed| *closed), if !queue.is_closed() => {
                    // What has been sent is still in there.
                    queue.close();
                    continue;
                }
                job = queue.recv() => job,
            };
            let Some((request, reply)) = job else { return };
            let done = self.carry_out(request).await;
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
            Request::Create { key, title } => match self.created.get(&key) {
                Some(ticket) => Reply::Issue(ticket.clone()),
                None => {
                    database.begin().await?;
                    let ticket = database.insert(&title).await?;
                    database.commit().await?;
                    self.created.insert(key, ticket.clone());
                    Reply::Issue(ticket)
                }
            },
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
                    None => {
                        database.rollback().await;
                        Reply::Missing
                    }
                    Some(ticket) => Reply::Conflict(ticket),
                }
            }
        })
    }
}
