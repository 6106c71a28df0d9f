//! The files as they are when a program is killed half-way through a
//! transaction. `checker/tests/store.rs` kills real ones.

use std::fs;

use super::*;

#[test]
fn half_a_transaction_is_none() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    for n in 0..30 {
        let put = submission(&format!("s{n}"), &[("slot", &format!("{n} wrong"))]);
        store.put_submission(&put, &["slot"]).unwrap();
    }
    grade(&store, &["slot"], "t1");
    let before = store.dump().unwrap();
    let written = |name: &str| fs::metadata(folder.path(name)).map_or(0, |file| file.len());

    store
        .write(|tx| {
            // As little memory as may be: most of what is changed goes to the
            // file before it is committed.
            tx.execute_batch("PRAGMA cache_size = 1")?;
            let wal = written("store-wal");
            tx.execute_batch("DELETE FROM events; DELETE FROM diagnoses; DELETE FROM tests")?;
            let long = "x".repeat(200_000);
            tx.execute("UPDATE students SET student = ?1", [long])?;
            assert!(written("store-wal") > wal + 1_000_000, "nothing was spilled");
            for name in ["store", "store-wal"] {
                let copy = folder.path(&name.replace("store", "killed"));
                fs::copy(folder.path(name), copy).unwrap();
            }
            Ok(())
        })
        .unwrap();
    assert_ne!(store.dump().unwrap(), before);

    let killed = Store::open(&folder.path("killed")).unwrap();
    killed.check().unwrap();
    assert_eq!(killed.dump().unwrap(), before);
}

#[test]
fn a_torn_end_of_the_log_is_not_believed() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    let mut dumps = vec![store.dump().unwrap()];
    for n in 0..8 {
        let put = submission(&format!("s{n}"), &[("slot", &format!("{n} wrong"))]);
        store.put_submission(&put, &["slot"]).unwrap();
        dumps.push(store.dump().unwrap());
    }
    let wal = fs::read(folder.path("store-wal")).unwrap();
    // The power failed: the log ends anywhere. What it still holds is a state
    // that once was.
    let mut seen = std::collections::BTreeSet::new();
    for part in 0..=16 {
        fs::copy(folder.path("store"), folder.path("cut")).unwrap();
        fs::write(folder.path("cut-wal"), &wal[..wal.len() * part / 16]).unwrap();
        let cut = Store::open(&folder.path("cut")).unwrap();
        cut.check().unwrap();
        let dump = cut.dump().unwrap();
        seen.insert(dumps.iter().position(|d| *d == dump).expect("a state that once was"));
        drop(cut);
        for name in ["cut", "cut-wal", "cut-shm"] {
            let _ = fs::remove_file(folder.path(name));
        }
    }
    assert!(seen.contains(&0) && seen.contains(&8) && seen.len() > 4, "{seen:?}");
}
