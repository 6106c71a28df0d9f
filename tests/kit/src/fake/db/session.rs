//! The raw handle of one session with the fake database.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use record::Kind;
use tokio::time::sleep;

use super::{Books, CLOSE, CONNECT, Call, DbError, Entry, QUERY, Server, Stage, State};

/// The raw handle of a session: a number and a way to the server.
///
/// Clones name the same session. Dropping handles ends nothing: a session that
/// was connected stays open on the server until somebody calls
/// [`close`](Session::close) or [`abandon`](Session::abandon).
#[derive(Clone)]
pub struct Session {
    server: Arc<Server>,
    /// Shared by the clones, so that the server can tell whether any is left.
    number: Arc<usize>,
}

impl Session {
    pub(super) fn new(server: &Arc<Server>) -> Self {
        let mut state = server.state();
        let number = Arc::new(state.entries.len() + 1);
        state.entries.push(Entry {
            stage: Stage::New,
            awaited: None,
            unread: VecDeque::new(),
            staged: None,
            handle: Arc::downgrade(&number),
        });
        drop(state);
        Session { server: server.clone(), number }
    }

    /// The session's number, from 1.
    pub fn number(&self) -> usize {
        *self.number
    }

    /// Connects; takes 0.5 s. From the first poll on the server holds a session
    /// for you, also if you stop waiting for its answer.
    ///
    /// # Errors
    /// [`DbError::Refused`]: the server holds no session for you, so there is
    /// nothing to end.
    pub fn connect(&self) -> impl Future<Output = Result<(), DbError>> {
        let built = Built::new(self);
        async move {
            built.polled();
            self.connect_polled().await
        }
    }

    /// Sends a query and reads one answer; takes 1 s. The answer is
    /// `result of …` with the query's own text.
    ///
    /// A session answers in order and knows nothing of futures: the answer to a
    /// query that was dropped half-way is still to be read, and the next query
    /// on this session will read it.
    ///
    /// # Errors
    /// [`DbError::QueryFailed`]: this query failed; the session is still good.
    /// [`DbError::NotOpen`] and [`DbError::OutOfTurn`] are mistakes of the
    /// caller, and the server counts them: one query at a time, between
    /// `connect` and the end.
    pub fn query(&self, sql: &str) -> impl Future<Output = Result<String, DbError>> {
        let built = Built::new(self);
        async move {
            built.polled();
            self.query_polled(sql).await
        }
    }

    /// Sends a statement; takes 1 s. Tells how many rows it has changed.
    ///
    /// `BEGIN` begins a transaction, `COMMIT` keeps what was changed since then, and
    /// `ROLLBACK` undoes it. Where there is none to end, these two do nothing. Any
    /// other text changes one row: in a transaction for the time being, outside of
    /// one for good.
    ///
    /// The server has it from the first poll on, and does it, whoever still waits
    /// for the answer. An answer that nobody waits for is thrown away.
    ///
    /// # Errors
    /// [`DbError::QueryFailed`]: this statement has done nothing; the session is
    /// still good, and a transaction still open. So it is with a `BEGIN` in the
    /// middle of a transaction. [`DbError::NotOpen`] and [`DbError::OutOfTurn`]:
    /// as with [`query`](Session::query).
    pub fn execute(&self, sql: &str) -> impl Future<Output = Result<u64, DbError>> {
        let built = Built::new(self);
        async move {
            built.polled();
            self.execute_polled(sql).await
        }
    }

    /// Closes the session in order; takes 0.3 s. If you stop waiting half-way,
    /// the session is still open.
    ///
    /// # Errors
    /// [`DbError::CloseFailed`]: the session is still open.
    /// [`DbError::NotOpen`]: there was nothing to close. The server counts a
    /// close of a session that has ended, or whose close is under way.
    pub fn close(&self) -> impl Future<Output = Result<(), DbError>> {
        let built = Built::new(self);
        async move {
            built.polled();
            self.close_polled().await
        }
    }

    /// Gives the session up: it has ended when this returns. Takes no time,
    /// awaits nothing, needs no runtime, works on any thread.
    ///
    /// The emergency exit: the server has to find out by itself what was
    /// unfinished. Where you can await, [`close`](Session::close). Without
    /// effect on a session that was never connected or was refused; the server
    /// counts it if the session had ended.
    pub fn abandon(&self) {
        let mut state = self.server.state();
        let (entry, books) = self.find(&mut state);
        match entry.stage {
            Stage::Connecting | Stage::Open => self.ends(&mut state, Stage::Abandoned),
            Stage::Closed | Stage::Abandoned => books.ended_twice += 1,
            Stage::New | Stage::Refused => {}
        }
    }

    async fn connect_polled(&self) -> Result<(), DbError> {
        let (mut answer, refused) = {
            let mut state = self.server.state();
            let (entry, books) = self.find(&mut state);
            if entry.stage != Stage::New {
                books.misused += 1;
                return Err(DbError::OutOfTurn);
            }
            entry.stage = Stage::Connecting;
            books.opened += 1;
            books.open += 1;
            books.most_open = books.most_open.max(books.open);
            let refused = take_one(&mut state.refuse_connects);
            self.server.event(&self.label(), Kind::Created);
            (self.awaits(&mut state, Call::Connect, "connect"), refused)
        };
        self.server.log.add("connecting");
        sleep(CONNECT).await;
        let mut state = self.server.state();
        answer.came = true;
        if self.find(&mut state).0.stage != Stage::Connecting {
            return Err(DbError::NotOpen);
        }
        if refused {
            self.ends(&mut state, Stage::Refused);
            return Err(DbError::Refused);
        }
        self.find(&mut state).0.stage = Stage::Open;
        self.server.log.add("connected");
        Ok(())
    }

    async fn query_polled(&self, sql: &str) -> Result<String, DbError> {
        let mut answer = {
            let mut state = self.server.state();
            let bad = state.bad_queries.contains(sql);
            self.takes_its_turn(&mut state)?;
            let (entry, _) = self.find(&mut state);
            entry.unread.push_back(match bad {
                true => Err(DbError::QueryFailed(sql.to_owned())),
                false => Ok(format!("result of {sql}")),
            });
            state.statements.push((self.number(), sql.to_owned()));
            self.awaits(&mut state, Call::Query, sql)
        };
        self.server.log.add(format!("query {sql}"));
        sleep(QUERY).await;
        let mut state = self.server.state();
        answer.came = true;
        let (entry, _) = self.find(&mut state);
        if entry.stage != Stage::Open {
            return Err(DbError::NotOpen);
        }
        let read = entry.unread.pop_front().unwrap_or(Err(DbError::NotOpen));
        if read.is_err() {
            self.server.log.add("query failed");
        }
        read
    }

    async fn execute_polled(&self, sql: &str) -> Result<u64, DbError> {
        let (mut answer, done) = {
            let mut state = self.server.state();
            self.takes_its_turn(&mut state)?;
            state.statements.push((self.number(), sql.to_owned()));
            let done = self.carry_out(&mut state, sql);
            (self.awaits(&mut state, Call::Query, sql), done)
        };
        self.server.log.add(sql);
        sleep(QUERY).await;
        let mut state = self.server.state();
        answer.came = true;
        if self.find(&mut state).0.stage != Stage::Open {
            return Err(DbError::NotOpen);
        }
        if done.is_err() {
            self.server.log.add(format!("{sql} failed"));
        }
        done
    }

    /// Does a statement on the server.
    fn carry_out(&self, state: &mut State, sql: &str) -> Result<u64, DbError> {
        let failed = Err(DbError::QueryFailed(sql.to_owned()));
        if state.bad_queries.contains(sql) {
            return failed;
        }
        let (entry, _) = self.find(state);
        match (sql, entry.staged.take()) {
            ("BEGIN", None) => entry.staged = Some(Vec::new()),
            ("BEGIN", open) => {
                entry.staged = open;
                return failed;
            }
            ("ROLLBACK", _) | ("COMMIT", None) => {}
            ("COMMIT", Some(staged)) => state.rows.extend(staged),
            (_, Some(mut staged)) => {
                staged.push(sql.to_owned());
                entry.staged = Some(staged);
                return Ok(1);
            }
            (_, None) => {
                state.rows.push(sql.to_owned());
                return Ok(1);
            }
        }
        Ok(0)
    }

    /// Refuses a call, and counts it, unless the session is open and waits for nothing.
    fn takes_its_turn(&self, state: &mut State) -> Result<(), DbError> {
        let (entry, books) = self.find(state);
        if entry.stage == Stage::Open && entry.awaited.is_none() {
            return Ok(());
        }
        books.misused += 1;
        Err(if entry.stage.is_open() { DbError::OutOfTurn } else { DbError::NotOpen })
    }

    async fn close_polled(&self) -> Result<(), DbError> {
        let (mut answer, fails) = {
            let mut state = self.server.state();
            let (entry, books) = self.find(&mut state);
            match (entry.stage, entry.awaited) {
                (Stage::Open, None) => {}
                (Stage::Open, Some(Call::Close)) => {
                    books.ended_twice += 1;
                    return Err(DbError::OutOfTurn);
                }
                (Stage::Open, Some(_)) => {
                    books.misused += 1;
                    return Err(DbError::OutOfTurn);
                }
                (Stage::Closed | Stage::Abandoned, _) => {
                    books.ended_twice += 1;
                    return Err(DbError::NotOpen);
                }
                (Stage::New | Stage::Connecting | Stage::Refused, _) => {
                    return Err(DbError::NotOpen);
                }
            }
            let fails = take_one(&mut state.fail_closes);
            (self.awaits(&mut state, Call::Close, "close"), fails)
        };
        self.server.log.add("closing");
        sleep(CLOSE).await;
        let mut state = self.server.state();
        answer.came = true;
        if self.find(&mut state).0.stage != Stage::Open {
            return Err(DbError::NotOpen);
        }
        if fails {
            self.server.log.add("close failed");
            return Err(DbError::CloseFailed);
        }
        self.ends(&mut state, Stage::Closed);
        Ok(())
    }

    fn label(&self) -> String {
        format!("session {}", self.number)
    }

    fn find<'a>(&self, state: &'a mut State) -> (&'a mut Entry, &'a mut Books) {
        (&mut state.entries[*self.number - 1], &mut state.books)
    }

    fn ends(&self, state: &mut State, stage: Stage) {
        let (entry, books) = self.find(state);
        entry.stage = stage;
        entry.staged = None;
        books.open -= 1;
        let (line, kind) = match stage {
            Stage::Closed => {
                books.closed += 1;
                ("closed", Kind::Ready)
            }
            Stage::Refused => {
                books.refused += 1;
                ("refused", Kind::Cancelled)
            }
            _ => {
                books.abandoned += 1;
                ("abandoned", Kind::Cancelled)
            }
        };
        self.server.event(&self.label(), kind);
        self.server.log.add(line);
    }

    fn awaits(&self, state: &mut State, call: Call, label: &str) -> Answer<'_> {
        self.find(state).0.awaited = Some(call);
        self.server.event(label, Kind::Created);
        Answer { session: self, label: label.to_owned(), came: false }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.number).finish()
    }
}

/// A future that was built; counted if nobody polls it.
struct Built<'a> {
    session: &'a Session,
    polled: bool,
}

impl<'a> Built<'a> {
    fn new(session: &'a Session) -> Self {
        Built { session, polled: false }
    }

    fn polled(mut self) {
        self.polled = true;
    }
}

impl Drop for Built<'_> {
    fn drop(&mut self) {
        if !self.polled {
            self.session.server.state().books.unpolled += 1;
        }
    }
}

/// An answer that somebody is waiting for; the bar of the call in the timeline.
struct Answer<'a> {
    session: &'a Session,
    label: String,
    came: bool,
}

impl Drop for Answer<'_> {
    fn drop(&mut self) {
        let server = &self.session.server;
        self.session.find(&mut server.state()).0.awaited = None;
        server.event(&self.label, if self.came { Kind::Ready } else { Kind::Cancelled });
    }
}

fn take_one(count: &mut usize) -> bool {
    let any = *count > 0;
    *count -= usize::from(any);
    any
}
