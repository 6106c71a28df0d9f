//! What every learner sees: a ticket that is made, read and changed, and one that was
//! changed by somebody else.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::ticket_service::{Database, Down, Issue, Reply, Request, Rules, Service};
use futures::FutureExt;
use kit::{
    Blame, Log, blame, in_time, ms, note, panic_words, plainly, run, secs, span, tell_panic,
};
use tokio::time::sleep;

use self::Fault::{Fails, Panics, Takes};

#[test]
fn a_ticket_is_made_read_and_changed() {
    run(async {
        let (service, _db) = started(RULES);
        asked(&service, create("k1", "tea"), is_ticket(1, 1, "tea")).await;
        asked(&service, create("k2", "milk"), is_ticket(2, 1, "milk")).await;
        asked(&service, change(1, 1, "green tea"), is_ticket(1, 2, "green tea")).await;
        asked(&service, READ, is_ticket(1, 2, "green tea")).await;
        asked(&service, Request::Read { id: 7 }, Reply::Missing).await;
        asked(&service, change(7, 1, "nothing"), Reply::Missing).await;
        finds_no_transaction(&service, change(1, 2, "black tea"), is_ticket(1, 3, "black tea"))
            .await;
    });
}

#[test]
fn a_ticket_that_somebody_else_has_changed_stays_as_it_is() {
    run(async {
        let (service, _db) = started(RULES);
        asked(&service, create("k", "tea"), is_ticket(1, 1, "tea")).await;
        asked(&service, change(1, 1, "green tea"), is_ticket(1, 2, "green tea")).await;
        let conflict = Reply::Conflict(ticket(1, 2, "green tea"));
        asked(&service, change(1, 1, "black tea"), conflict.clone()).await;
        asked(&service, READ, is_ticket(1, 2, "green tea")).await;
        // Nor is there such a version yet.
        finds_no_transaction(&service, change(1, 9, "black tea"), conflict).await;
        finds_no_transaction(&service, change(1, 2, "black tea"), is_ticket(1, 3, "black tea"))
            .await;
    });
}

/// This is the reply, as the one before has left nothing open.
async fn finds_no_transaction(service: &Service<Db>, request: Request, expected: Reply) {
    let reply = replied(service, request).await;
    blame("dirty-connection-reused").unless(reply != Some(Reply::Broken));
    plainly().unless_eq(reply, Some(expected));
}

/// Where a test does not care.
pub const RULES: Rules = Rules { waiting: 20, patience: secs(1_000) };

pub const READ: Request = Request::Read { id: 1 };

pub fn create(key: &str, title: &str) -> Request {
    Request::Create { key: key.to_owned(), title: title.to_owned() }
}

pub fn change(id: u64, version: u64, title: &str) -> Request {
    Request::Change { id, version, title: title.to_owned() }
}

pub fn ticket(id: u64, version: u64, title: &str) -> Issue {
    Issue { id, version, title: title.to_owned() }
}

pub fn is_ticket(id: u64, version: u64, title: &str) -> Reply {
    Reply::Issue(ticket(id, version, title))
}

/// A service with a database without tickets, and a look into it.
pub fn started(rules: Rules) -> (Service<Db>, Db) {
    let db = Db { state: Arc::default(), did: Log::new() };
    (Service::start(db.clone(), rules), db)
}

/// This is the reply.
pub async fn asked(service: &Service<Db>, request: Request, expected: Reply) {
    asked_or(service, request, expected, plainly()).await;
}

/// This is the reply, or that is why not.
pub async fn asked_or(service: &Service<Db>, request: Request, expected: Reply, why: Blame) {
    let reply = replied(service, request).await;
    why.unless_eq(reply, Some(expected));
}

/// The reply, if there is one.
pub async fn replied(service: &Service<Db>, request: Request) -> Option<Reply> {
    let reply = in_time(secs(3_600), service.handle(request));
    let reply = AssertUnwindSafe(reply).catch_unwind().await;
    match reply {
        Ok(Some(reply)) => return Some(reply),
        Ok(None) => {
            // If it does not come because somebody has panicked, that comes first.
            if let Err(panic) = catch_unwind(tell_panic) {
                unless_on_fire(panic);
            }
        }
        Err(panic) => {
            unless_on_fire(panic);
            blame("one-failure-kills-all").now();
        }
    }
    None
}

/// A panic goes on, if it is not one of the database.
fn unless_on_fire(panic: Box<dyn Any + Send>) {
    if !panic_words(&*panic).is_some_and(|words| words.contains(ON_FIRE)) {
        resume_unwind(panic);
    }
}

/// A played database. Each call takes a second. Clones look at the same one.
#[derive(Clone)]
pub struct Db {
    state: Arc<Mutex<State>>,
    /// What was called, in the order in which it was begun.
    pub did: Log,
}

#[derive(Default)]
struct State {
    tickets: BTreeMap<u64, Issue>,
    open: Option<BTreeMap<u64, Issue>>,
    torn: bool,
    fault: Option<(&'static str, Fault)>,
}

/// What becomes of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Fails,
    Panics,
    Takes(Duration),
}

impl Db {
    /// What becomes of the next call of this kind.
    pub fn next(&self, call: &'static str, fault: Fault) {
        self.state.lock().unwrap().fault = Some((call, fault));
    }

    /// A call was dropped half-way.
    pub fn is_torn(&self) -> bool {
        self.state.lock().unwrap().torn
    }

    /// The titles of all tickets.
    pub fn titles(&self) -> Vec<String> {
        self.state.lock().unwrap().tickets.values().map(|ticket| ticket.title.clone()).collect()
    }

    async fn call<T>(
        &self,
        name: &'static str,
        act: impl FnOnce(&mut State) -> Result<T, Down>,
    ) -> Result<T, Down> {
        let _span = span(name);
        self.did.add(name);
        let mut half_way = HalfWay { db: self, ready: false };
        let fault = {
            let mut state = self.state.lock().unwrap();
            state.fault.take_if(|(call, _)| *call == name).map(|(_, fault)| fault)
        };
        sleep(if let Some(Takes(time)) = fault { time } else { secs(1) }).await;
        half_way.ready = true;
        if fault == Some(Panics) {
            panic!("{ON_FIRE}");
        }
        let mut state = self.state.lock().unwrap();
        match fault == Some(Fails) || state.torn {
            true => Err(Down),
            false => act(&mut state),
        }
    }
}

/// What a database says that panics.
pub const ON_FIRE: &str = "the database is on fire";

/// A call is under way, for as long as this is there.
struct HalfWay<'a> {
    db: &'a Db,
    ready: bool,
}

impl Drop for HalfWay<'_> {
    fn drop(&mut self) {
        if !self.ready {
            note("the connection is torn");
            self.db.state.lock().unwrap().torn = true;
        }
    }
}

impl Database for Db {
    async fn begin(&mut self) -> Result<(), Down> {
        let begin = |state: &mut State| match state.open {
            Some(_) => Err(Down),
            None => {
                state.open = Some(state.tickets.clone());
                Ok(())
            }
        };
        self.call("begin", begin).await
    }

    async fn read(&mut self, id: u64) -> Result<Option<Issue>, Down> {
        let read =
            |state: &mut State| Ok(state.open.as_ref().unwrap_or(&state.tickets).get(&id).cloned());
        self.call("read", read).await
    }

    async fn insert(&mut self, title: &str) -> Result<Issue, Down> {
        let insert = |state: &mut State| {
            let open = state.open.as_mut().ok_or(Down)?;
            let id = open.len() as u64 + 1;
            open.insert(id, ticket(id, 1, title));
            Ok(open[&id].clone())
        };
        self.call("insert", insert).await
    }

    async fn update(&mut self, ticket: &Issue) -> Result<(), Down> {
        let update = |state: &mut State| {
            let open = state.open.as_mut().ok_or(Down)?;
            *open.get_mut(&ticket.id).ok_or(Down)? = ticket.clone();
            Ok(())
        };
        self.call("update", update).await
    }

    async fn commit(&mut self) -> Result<(), Down> {
        let commit = |state: &mut State| {
            state.tickets = state.open.take().ok_or(Down)?;
            Ok(())
        };
        self.call("commit", commit).await
    }

    async fn rollback(&mut self) {
        let rollback = |state: &mut State| {
            state.open = None;
            Ok(())
        };
        // It fails if the connection is torn, and that is seen anyway.
        let _ = self.call("rollback", rollback).await;
    }
}

/// More than enough for a request, and for those before it.
pub const LATER: Duration = secs(40);

/// A moment later, so that what was sent has arrived.
pub async fn a_moment() {
    sleep(ms(1)).await;
}
