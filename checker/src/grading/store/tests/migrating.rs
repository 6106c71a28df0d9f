//! Stores of older and newer versions.

use rusqlite_migration::{M, Migrations};

use super::super::schema::{APPLICATION_ID, STEPS, migrations};
use super::super::{Detail, open};
use super::*;

fn next() -> Migrations<'static> {
    let mut steps = STEPS.to_vec();
    steps.push(M::up("ALTER TABLE students ADD COLUMN mentor TEXT; CREATE TABLE later (a);"));
    Migrations::new(steps)
}

#[test]
fn the_steps_are_valid() {
    migrations().validate().unwrap();
    next().validate().unwrap();
}

#[test]
fn a_store_says_what_it_is() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    assert_eq!(count(&store, "PRAGMA application_id"), i64::from(APPLICATION_ID));
    assert_eq!(count(&store, "PRAGMA user_version"), STEPS.len() as i64);
    assert_eq!(count(&store, "PRAGMA foreign_keys"), 1);
    assert_eq!(count(&store, "PRAGMA synchronous"), 1, "NORMAL");
    let journal: String =
        store.read(|tx| Ok(tx.query_row("PRAGMA journal_mode", [], |row| row.get(0))?)).unwrap();
    assert_eq!(journal, "wal");
}

#[test]
fn an_older_store_is_brought_up_to_date_and_then_is_too_new_for_this_version() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    store.put_submission(&submission("ada", &[("slot", "wrong")]), &["slot"]).unwrap();
    grade(&store, &["slot"], "t1");
    let (before, attempts) = (store.dump().unwrap(), store.attempts(Detail::Whole).unwrap());
    drop(store);

    let path = folder.path("store");
    for _ in 0..2 {
        let newer =
            Store::with_connection(&path, open::open(&path, &next(), true).unwrap()).unwrap();
        assert_eq!(count(&newer, "PRAGMA user_version"), STEPS.len() as i64 + 1);
        assert_eq!(count(&newer, "SELECT count(*) FROM later"), 0);
        assert_eq!(newer.dump().unwrap(), before);
        assert_eq!(newer.attempts(Detail::Whole).unwrap(), attempts);
    }
    let bytes = std::fs::read(&path).unwrap();
    let problem = Store::open(&path).err().unwrap();
    assert_eq!(problem.key(), "store-newer");
    let said = problem.to_string();
    assert!(said.contains(&format!("version {}", STEPS.len() + 1)), "{said}");
    assert!(said.contains(&format!("{} is the newest", STEPS.len())), "{said}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_step_that_fails_leaves_the_store_as_it_was() {
    let folder = Folder::new();
    let path = folder.path("store");
    let before = folder.store("store", 1).dump().unwrap();
    let mut steps = STEPS.to_vec();
    steps.push(M::up("CREATE TABLE half (a); CREATE TABLE students (a);"));
    let problem = open::open(&path, &Migrations::new(steps), true).err().unwrap();
    assert_eq!(problem.key(), "store-failed");
    let store = Store::open(&path).unwrap();
    assert_eq!(store.dump().unwrap(), before);
    assert_eq!(count(&store, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), 0);
}
