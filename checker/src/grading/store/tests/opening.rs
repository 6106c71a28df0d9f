//! What may stand where a store should be.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, ffi};

use super::super::Detail;
use super::super::trouble::of_sql;
use super::*;

fn key_of(path: &Path) -> String {
    Store::open(path).err().map(|problem| problem.key().to_owned()).unwrap_or_default()
}

#[test]
fn a_file_that_is_no_store_is_told_and_left_alone() {
    let folder = Folder::new();
    let other = folder.path("other.db");
    let connection = Connection::open(&other).unwrap();
    connection.execute_batch("CREATE TABLE mine (a); INSERT INTO mine VALUES (1)").unwrap();
    drop(connection);
    let other = fs::read(&other).unwrap();
    let long = vec![0_u8; 10_000];
    let files: [(&str, &[u8]); 5] = [
        ("text", b"id,name\n1,Ada\n"),
        ("byte", b"x"),
        ("zeros", &long),
        ("header", b"SQLite format 3\0"),
        ("database", &other),
    ];
    for (name, content) in files {
        let path = folder.path(name);
        fs::write(&path, content).unwrap();
        let key = key_of(&path);
        assert!(["store-foreign", "store-damaged"].contains(&key.as_str()), "{name}: {key}");
        assert_eq!(fs::read(&path).unwrap(), content, "{name}");
        assert!(!folder.path(&format!("{name}-wal")).exists(), "{name}");
    }
}

#[test]
fn an_empty_file_is_a_store_that_was_not_begun() {
    let folder = Folder::new();
    fs::write(folder.path("empty"), "").unwrap();
    assert_eq!(key_of(&folder.path("empty")), "");
    // Killed after WAL was set and before there were tables.
    let connection = Connection::open(folder.path("wal")).unwrap();
    let wal: String = connection.query_row("PRAGMA journal_mode=WAL", [], |r| r.get(0)).unwrap();
    assert_eq!(wal, "wal");
    drop(connection);
    assert_eq!(key_of(&folder.path("wal")), "");
}

#[test]
fn a_store_is_not_begun_where_one_must_be() {
    let folder = Folder::new();
    let path = folder.path("none");
    let problem = Store::open_existing(&path).err().unwrap();
    assert_eq!(problem.key(), "store-none");
    assert!(!path.exists());
    fs::write(&path, "").unwrap();
    let problem = Store::open_existing(&path).err().unwrap();
    assert_eq!(problem.key(), "store-foreign");
}

#[test]
fn places_where_no_file_can_be() {
    let folder = Folder::new();
    fs::write(folder.path("file"), "").unwrap();
    assert_eq!(key_of(folder.0.path()), "store-not-a-file");
    assert_eq!(key_of(&folder.path("file/store")), "cannot-read");
    assert_eq!(key_of(Path::new("")), "cannot-read");
    #[cfg(unix)]
    assert_eq!(key_of(Path::new("/dev/null")), "store-not-a-file");
    #[cfg(target_os = "linux")]
    assert_eq!(key_of(Path::new("/proc/store.sqlite")), "store-read-only");
    // A folder that is missing is made.
    assert_eq!(key_of(&folder.path("a/b/store")), "");
}

#[cfg(unix)]
#[test]
fn odd_names_are_names() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    for name in [&b":memory:"[..], b"file:x?mode=memory", b"a b%20'\"", b"\xff\xfe"] {
        let path = folder.0.path().join(std::ffi::OsStr::from_bytes(name));
        drop(Store::open(&path).unwrap());
        assert!(path.is_file(), "{}", path.display());
    }
}

#[test]
fn a_damaged_store_is_told_and_left_alone() {
    let folder = Folder::new();
    let path = folder.path("store");
    let store = folder.store("store", 1);
    for n in 0..200 {
        let content = format!("{n} wrong");
        store
            .put_submission(&submission(&format!("s{n}"), &[("slot", &content)]), &["slot"])
            .unwrap();
    }
    grade(&store, &["slot"], "t1");
    store.check().unwrap();
    drop(store);
    let whole = fs::read(&path).unwrap();

    let half = &whole[..whole.len() / 2];
    fs::write(&path, half).unwrap();
    let told = |path: &Path| {
        let looked = Store::open(path).and_then(|store| store.check());
        looked.err().map(|problem| problem.key().to_owned())
    };
    assert_eq!(told(&path).as_deref(), Some("store-damaged"));
    assert_eq!(fs::read(&path).unwrap(), half);

    let mut torn = whole.clone();
    let middle = whole.len() / 2;
    torn[middle..middle + 8192].fill(0x5a);
    fs::write(&path, &torn).unwrap();
    assert_eq!(told(&path).as_deref(), Some("store-damaged"));

    fs::write(&path, &whole).unwrap();
    assert_eq!(told(&path), None);
}

#[test]
fn what_is_kept_is_believed_only_if_it_can_be_read() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    store.put_submission(&submission("ada", &[("slot", "wrong")]), &["slot"]).unwrap();
    grade(&store, &["slot"], "t1");
    let hash = answer_hash(b"wrong");
    let key = key("t1")("slot", &hash);
    let spoil = |sql: &str| store.write(|tx| Ok(tx.execute_batch(sql)?)).unwrap();
    spoil("UPDATE contents SET packed = (SELECT packed FROM verdicts)");
    assert_eq!(store.answer(&hash).unwrap_err().key(), "store-damaged");
    spoil("UPDATE events SET test = 0");
    assert_eq!(store.verdict(&key).unwrap_err().key(), "store-damaged");
    spoil("UPDATE verdicts SET packed = x'00'");
    assert_eq!(store.verdict(&key).unwrap_err().key(), "store-damaged");
    spoil("UPDATE attempts SET submitted = 'yesterday'");
    assert_eq!(store.attempts(Detail::Marks).unwrap_err().key(), "store-damaged");
}

#[test]
fn each_error_of_the_database_has_advice() {
    let error = |code| rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
    let table = [
        (ffi::SQLITE_NOTADB, ErrorCode::NotADatabase, "store-foreign"),
        (ffi::SQLITE_CORRUPT, ErrorCode::DatabaseCorrupt, "store-damaged"),
        (ffi::SQLITE_BUSY, ErrorCode::DatabaseBusy, "store-busy"),
        (ffi::SQLITE_FULL, ErrorCode::DiskFull, "store-disk-full"),
        (ffi::SQLITE_READONLY, ErrorCode::ReadOnly, "store-read-only"),
        (ffi::SQLITE_CANTOPEN, ErrorCode::CannotOpen, "store-read-only"),
        (ffi::SQLITE_IOERR, ErrorCode::SystemIoFailure, "store-failed"),
    ];
    for (code, name, key) in table {
        assert_eq!(error(code).sqlite_error_code(), Some(name));
        let problem = of_sql(Path::new("/x/store"), &error(code));
        assert_eq!(problem.key(), key);
        assert!(problem.to_string().contains("/x/store"), "{problem}");
        assert!(!problem.to_string().contains('{'), "{problem}");
    }
}
