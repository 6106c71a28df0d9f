//! Stand-ins for the outside world: they answer on virtual time and remember
//! what was asked of them.

mod db;

pub use db::{Books, CLOSE, CONNECT, Db, DbError, QUERY, Session};
