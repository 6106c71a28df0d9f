//! Stand-ins for the outside world: they need no real time, and remember what was
//! asked of them.

mod db;
mod nap;
mod selector;
mod wire;

pub use db::{Books, CLOSE, CONNECT, Connection, Db, DbError, QUERY, Session};
pub use nap::{Nap, Notifier, asleep};
pub use selector::{Event, Selector};
pub use wire::{Address, Listener, Socket, Source};
