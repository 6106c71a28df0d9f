//! ticket_service: many who ask, one database, and clients that hang up.
//!
//! You know this from FastAPI:
//!
//!     @app.patch("/tickets/{id}")
//!     async def change(id: int, body: Change):
//!         async with db.transaction():
//!             ticket = await db.read(id)
//!             if ticket.version != body.version:
//!                 raise HTTPException(409)
//!             await db.update(ticket.with_title(body.title))
//!
//! Count the awaits, and ask of each: what if the client hangs up here? In Python a
//! `CancelledError` comes out of it, and `async with` still awaits the rollback. In Rust the
//! future of the handler is dropped, and nothing of yours is awaited any more. The same
//! happens when a time limit around the handler is over.
//!
//! So whoever asks must not be who does it. And whoever does it has clients that do not
//! know whether it was done, clients that ask again, too many clients, and a database that
//! may fail in the middle of anything.

use std::time::Duration;

/// A ticket: something that somebody wants done. Leave this one as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub id: u64,
    /// Begins with 1, and each change adds 1.
    pub version: u64,
    pub title: String,
}

/// The database has not done it. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Down;

/// A connection to the database; there is only one. Leave this one as it is.
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

/// What is asked for. Leave this one as it is.
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

/// What comes of it. Leave this one as it is.
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

/// How long, and how many. None of it is 0. Leave this one as it is.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// So many requests may wait for the one that has the database.
    pub waiting: usize,
    /// So long a client waits for its reply.
    pub patience: Duration,
}

/// Answers requests with a database.
///
/// - One request after the other has the database, in the order in which they came.
/// - If one has it and `waiting` others are waiting, whoever comes now is told `Busy`. One that
///   has just come, and is to have it at once, may be counted as waiting.
/// - Any other request is carried out. That its client has left, or was told `Late`, does
///   not change anything about it.
/// - A `Create` whose key was carried out before gives the ticket that it gave then, whatever
///   its title is. One that was `Broken` or `Busy` was not carried out.
/// - When the database fails or panics, this request is `Broken`, and the next one finds a
///   database without a transaction.
pub struct Service<D: Database> {
    database: D,
    // Your fields, instead of the one above.
}

impl<D: Database> Service<D> {
    /// Called on a runtime, so it may spawn tasks. While there is nothing to do, they sleep.
    pub fn start(database: D, rules: Rules) -> Self {
        let _ = rules;
        Service { database }
    }

    /// Answers one request, within the time that its client waits for it.
    ///
    /// This future may be dropped at any time: the client has hung up.
    pub async fn handle(&self, request: Request) -> Reply {
        let _ = (request, &self.database);
        todo!("have it done, and wait for the reply, but not for ever")
    }

    /// From this call on, new requests are told `Busy`. Returns when all others have been
    /// carried out. No task is left then. It may be called again, and does the same.
    ///
    /// If the service is dropped without that, its tasks end by themselves, sooner or later.
    /// What they have not done by then may be left undone.
    pub async fn close(&self) {
        todo!("take nothing more, and wait for the end")
    }
}
