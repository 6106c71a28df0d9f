//! A database server in memory, and its books.
//!
//! The server speaks through a raw [`Session`], which is as careless as a file
//! descriptor: dropping one ends nothing. Whoever connects it has to end it,
//! once, in one of two ways:
//!
//! ```text
//!             connect 0.5 s           close 0.3 s
//!     new ───────────────▶ open ───────────────────▶ closed
//!      │                    │  ▲ query 1 s
//!      │ refused            │
//!      ▼                    │ abandon: at once, no await
//!     over                  └─────────────────────▶ abandoned
//! ```
//!
//! The server counts a session from the first poll of `connect`: the request
//! is on its way, whoever still waits for the answer. A `connect`, `query` or
//! `close` that is dropped half-way leaves the session as it was, so it is
//! still to be ended. The same goes for a `close` that fails.

mod connection;
mod session;

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use record::Kind;

pub use connection::Connection;
pub use session::Session;

use crate::recorder::{self, Recorder};
use crate::{Log, blame, ms, secs};

/// Virtual time that connecting takes.
pub const CONNECT: Duration = ms(500);
/// Virtual time that a query takes.
pub const QUERY: Duration = secs(1);
/// Virtual time that an orderly close takes.
pub const CLOSE: Duration = ms(300);

/// Why the database did not do as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbError {
    /// The server takes no new session.
    Refused,
    /// The server did not like this query.
    QueryFailed(String),
    /// The server did not close the session; it is still open.
    CloseFailed,
    /// The session is not open: never connected, refused, or ended.
    NotOpen,
    /// The session is connected already, or waits for another answer.
    OutOfTurn,
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DbError::Refused => f.write_str("connection refused"),
            DbError::QueryFailed(sql) => write!(f, "query failed: {sql}"),
            DbError::CloseFailed => f.write_str("the session could not be closed"),
            DbError::NotOpen => f.write_str("the session is not open"),
            DbError::OutOfTurn => f.write_str("the session is busy"),
        }
    }
}

impl std::error::Error for DbError {}

/// What the server has seen so far. Every session that was `opened` is in
/// exactly one of `closed`, `abandoned`, `refused` and `open`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Sessions that have begun to connect.
    pub opened: usize,
    /// Sessions that were closed in order.
    pub closed: usize,
    /// Sessions that were abandoned.
    pub abandoned: usize,
    /// Sessions that the server refused.
    pub refused: usize,
    /// Sessions that are open now, those that are still connecting included.
    pub open: usize,
    /// Sessions that were open at the same time, at most.
    pub most_open: usize,
    /// Attempts to end a session that had ended, or whose close was under way.
    pub ended_twice: usize,
    /// Other calls at a wrong time: a query before `connect` or after the end,
    /// two queries at once, a second `connect`.
    pub misused: usize,
    /// Calls whose future was dropped before its first poll: the server has
    /// heard nothing of them.
    pub unpolled: usize,
}

/// A database server in memory. Clones are the same server.
#[derive(Clone)]
pub struct Db(Arc<Server>);

impl Default for Db {
    fn default() -> Self {
        Db::new()
    }
}

impl Db {
    /// A server without sessions.
    pub fn new() -> Self {
        Db::with(Log::new(), recorder::current())
    }

    /// The same, but the picture of the test does not show it. For what a test
    /// asks by the way.
    pub fn unrecorded() -> Self {
        Db::with(Log::default(), None)
    }

    fn with(log: Log, recorder: Option<Arc<Recorder>>) -> Self {
        Db(Arc::new(Server { state: Mutex::default(), log, recorder }))
    }

    /// A new handle, not connected yet. Costs nothing, and the server does not
    /// know of it before [`Session::connect`].
    pub fn session(&self) -> Session {
        Session::new(&self.0)
    }

    /// What has happened, a line each: `connecting`, `connected`, `query …`,
    /// `closing`, `closed`, `abandoned`, and what went wrong.
    pub fn log(&self) -> Log {
        self.0.log.clone()
    }

    /// The books as they stand now.
    pub fn books(&self) -> Books {
        self.0.state().books
    }

    /// Every query that reached the server, in order, with the number of its
    /// session. A query counts from its first poll, answered or not.
    pub fn statements(&self) -> Vec<(usize, String)> {
        self.0.state().statements.clone()
    }

    /// What was changed for good, in order: the statements that did it. What an
    /// open transaction has changed is not among it.
    pub fn rows(&self) -> Vec<String> {
        self.0.state().rows.clone()
    }

    /// How many sessions are in the middle of a transaction.
    pub fn transactions(&self) -> usize {
        self.0.state().entries.iter().filter(|entry| entry.staged.is_some()).count()
    }

    /// The next `connect` that begins will be refused.
    pub fn refuse_next_connect(&self) {
        self.0.state().refuse_connects += 1;
    }

    /// Every query and every statement with this text will fail.
    pub fn fail_query(&self, sql: &str) {
        self.0.state().bad_queries.insert(sql.to_owned());
    }

    /// The next `close` that begins will fail.
    pub fn fail_next_close(&self) {
        self.0.state().fail_closes += 1;
    }

    /// Fails the test with `pitfall` if a session is open now.
    #[track_caller]
    pub fn nothing_open(&self, pitfall: &str) {
        let count = self.books().open;
        blame(pitfall).because("sessions-open", &[("count", &count)]).unless(count == 0);
    }

    /// Fails the test if nothing of a kind was done, and the future of some call
    /// was dropped before its first poll (`lazy-never-awaited`): then what comes
    /// after it is not at fault. `done` is a count of the [`books`](Db::books).
    #[track_caller]
    pub fn asked(&self, done: usize) {
        let unpolled = done == 0 && self.books().unpolled > 0;
        blame("lazy-never-awaited").because("call-unpolled", &[]).unless(!unpolled);
    }

    /// How many handles there are, clones included. If a drop makes it more, it has
    /// handed one on.
    pub fn handles(&self) -> usize {
        self.0.state().entries.iter().map(|entry| entry.handle.strong_count()).sum()
    }

    /// Whether a session is open now of which somebody still has a handle.
    pub fn handed_on(&self) -> bool {
        let state = self.0.state();
        state.entries.iter().any(|e| e.stage.is_open() && e.handle.strong_count() > 0)
    }

    /// Fails the test with `pitfall` if a session is [`handed_on`](Db::handed_on).
    ///
    /// To be asked when its owner has just been dropped: then somebody has
    /// handed the session to a task or a thread in place of ending it.
    #[track_caller]
    pub fn nothing_handed_on(&self, pitfall: &str) {
        blame(pitfall).because("session-handed-on", &[]).unless(!self.handed_on());
    }

    /// Fails the test with `pitfall` if a session was ended a second time.
    #[track_caller]
    pub fn ended_once(&self, pitfall: &str) {
        let count = self.books().ended_twice;
        blame(pitfall).because("ended-twice", &[("count", &count)]).unless(count == 0);
    }

    /// Fails the test with `pitfall` unless exactly this many sessions were
    /// closed in order and this many abandoned.
    #[track_caller]
    pub fn ended_as(&self, closed: usize, abandoned: usize, pitfall: &str) {
        let got = self.books();
        let facts: [(&str, &dyn fmt::Display); 4] = [
            ("closed", &got.closed),
            ("abandoned", &got.abandoned),
            ("want_closed", &closed),
            ("want_abandoned", &abandoned),
        ];
        blame(pitfall)
            .because("sessions-ended", &facts)
            .unless((got.closed, got.abandoned) == (closed, abandoned));
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Db").field(&self.books()).finish()
    }
}

struct Server {
    state: Mutex<State>,
    log: Log,
    recorder: Option<Arc<Recorder>>,
}

#[derive(Default)]
struct State {
    entries: Vec<Entry>,
    books: Books,
    statements: Vec<(usize, String)>,
    rows: Vec<String>,
    refuse_connects: usize,
    bad_queries: BTreeSet<String>,
    fail_closes: usize,
}

/// What the server knows of one session.
struct Entry {
    stage: Stage,
    /// The operation that somebody is awaiting.
    awaited: Option<Call>,
    /// Answers that were sent and not read. More than one if a query was
    /// dropped half-way.
    unread: VecDeque<Result<String, DbError>>,
    /// What its open transaction has changed so far.
    staged: Option<Vec<String>>,
    /// Tells whether a handle still exists. Handles do not count as owners:
    /// the session ends by a call, not by the last drop.
    handle: Weak<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    New,
    Connecting,
    Open,
    Refused,
    Closed,
    Abandoned,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Connect,
    Query,
    Close,
}

impl Stage {
    fn is_open(self) -> bool {
        matches!(self, Stage::Connecting | Stage::Open)
    }
}

impl Server {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn event(&self, label: &str, kind: Kind) {
        if let Some(recorder) = &self.recorder {
            recorder.event(label, kind);
        }
    }
}
