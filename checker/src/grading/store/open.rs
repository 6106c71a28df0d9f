//! Opening a store's file, and telling it from other files.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use rusqlite_migration::{Migrations, SchemaVersion};

use super::schema::APPLICATION_ID;
use super::trouble::{Trouble, of_sql};
use crate::problem::{Problem, Result};

/// How long another program that writes is waited for. Merging holds the lock
/// longest.
const PATIENCE: Duration = Duration::from_secs(60);

/// Opens the store in this file. Nothing is written before it is known to be
/// one; `create` says whether it may be begun.
pub(super) fn open(path: &Path, migrations: &Migrations<'_>, create: bool) -> Result<Connection> {
    // A whole path is never taken for ":memory:".
    let whole = std::path::absolute(path).map_err(|e| Problem::io("read", path, &e))?;
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    match fs::metadata(&whole) {
        Ok(file) if file.is_file() => sniff(&whole, path)?,
        Ok(_) => return Err(Problem::new("store-not-a-file").with("path", path.display())),
        Err(e) if e.kind() == ErrorKind::NotFound && create => {
            let folder = whole.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder).map_err(|e| Problem::io("write", folder, &e))?;
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        Err(e) if e.kind() == ErrorKind::NotFound => {
            return Err(Problem::new("store-none").with("path", path.display()));
        }
        Err(e) => return Err(Problem::io("read", path, &e)),
    }
    let prepare = || {
        let mut connection = Connection::open_with_flags(&whole, flags)?;
        connection.busy_timeout(PATIENCE)?;
        recognise(&connection, path, migrations, create)?;
        configure(&mut connection)?;
        migrate(&mut connection, path, migrations)?;
        Ok(connection)
    };
    prepare().map_err(|trouble: Trouble| trouble.into_problem(path))
}

/// Refuses what is not a database. SQLite takes some such files for empty ones,
/// and would write over them.
fn sniff(whole: &Path, path: &Path) -> Result<()> {
    let mut head = Vec::new();
    let read = File::open(whole).and_then(|file| file.take(100).read_to_end(&mut head));
    read.map_err(|e| Problem::io("read", path, &e))?;
    // A header has a hundred bytes. No byte at all: a store that was not begun.
    if head.is_empty() || (head.len() == 100 && head.starts_with(b"SQLite format 3\0")) {
        return Ok(());
    }
    Err(foreign(path, "it is not a database"))
}

fn foreign(path: &Path, what: &str) -> Problem {
    Problem::new("store-foreign").with("path", path.display()).with("error", what)
}

/// Refuses what is not a store of a version that is known here.
fn recognise(
    connection: &Connection,
    path: &Path,
    migrations: &Migrations<'_>,
    create: bool,
) -> Result<(), Trouble> {
    // As of one moment: another program may be about to begin this very store.
    let moment = connection.unchecked_transaction()?;
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get(0));
    let (id, version): (i32, i32) = (number("application_id")?, number("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    // A program that was killed while it began a store leaves an empty one.
    let begun = create && id == 0 && version == 0 && tables == 0;
    if id != APPLICATION_ID && !begun {
        return Err(foreign(path, "it is another program's database").into());
    }
    if let SchemaVersion::Outside(found) = version_of(connection, path, migrations)? {
        let problem = Problem::new("store-newer").with("path", path.display()).with("found", found);
        return Err(problem.with("known", migrations_known(migrations, connection)).into());
    }
    moment.finish()?;
    if connection.is_readonly("main")? {
        let problem = Problem::new("store-read-only").with("path", path.display());
        return Err(problem.with("error", "permission denied").into());
    }
    Ok(())
}

fn migrations_known(migrations: &Migrations<'_>, connection: &Connection) -> i64 {
    let version: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap_or_default();
    version + migrations.pending_migrations(connection).map_or(0, i64::from)
}

fn version_of(
    connection: &Connection,
    path: &Path,
    migrations: &Migrations<'_>,
) -> Result<SchemaVersion, Trouble> {
    migrations.current_version(connection).map_err(|e| of_migration(path, e))
}

/// WAL lets readers go on while one writes, and a commit is one write at the
/// end of a file. With it, `NORMAL` loses nothing when the program is killed;
/// when the power fails it may lose the last few verdicts, never half of one,
/// and a rerun makes them again. Waiting for the disk at every commit would buy
/// no more than that. Where a file system cannot have WAL, `FULL` is needed for
/// as much.
fn configure(connection: &mut Connection) -> Result<(), Trouble> {
    let wal = journal(connection)?.eq_ignore_ascii_case("wal");
    connection.pragma_update(None, "synchronous", if wal { "NORMAL" } else { "FULL" })?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A store may come from another machine: nothing in it is run.
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    Ok(())
}

/// Asks for WAL. SQLite does not wait by itself for another program that does
/// the same just now.
fn journal(connection: &Connection) -> Result<String, Trouble> {
    let until = Instant::now() + PATIENCE;
    loop {
        let asked = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        match asked {
            Err(e) if is_busy(&e) && Instant::now() < until => {
                thread::sleep(Duration::from_millis(20));
            }
            other => return Ok(other?),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Another program may be as far at this moment; then its work is as good.
fn migrate(
    connection: &mut Connection,
    path: &Path,
    migrations: &Migrations<'_>,
) -> Result<(), Trouble> {
    let Err(error) = migrations.to_latest(connection) else { return Ok(()) };
    match migrations.pending_migrations(connection) {
        Ok(0) => Ok(()),
        _ => Err(of_migration(path, error)),
    }
}

fn of_migration(path: &Path, error: rusqlite_migration::Error) -> Trouble {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => of_sql(path, &err).into(),
        other => Trouble::Damaged(other.to_string()),
    }
}
