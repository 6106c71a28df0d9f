//! What is in the tree is found, and folders do not wait for each other.

use std::collections::HashMap;
use std::time::Duration;

use exercise::tree_walk::{Entry, Tree, total_size};
use kit::{Log, blame, lab, plainly, secs, span, timed, took};
use tokio::time::sleep;

#[test]
fn all_files_are_found() {
    lab().hang_means("pending-without-waker").run(async {
        let tree = Folders::new()
            .with("home", 1, &[file(5), folder("music"), file(1), folder("photos")])
            .with("music", 1, &[file(300), folder("old")])
            .with("photos", 1, &[file(4_000), file(20_000)])
            .with("old", 1, &[file(600_000)]);
        let size = total_size(&tree, "home").await;
        let listed = tree.listed.lines();
        blame("lazy-never-awaited").unless(listed.len() > 1);
        plainly().unless_eq(size, 624_306);
        plainly().unless_eq(listed.len(), 4);
    });
}

#[test]
fn folders_beside_each_other_are_listed_at_once() {
    lab().hang_means("pending-without-waker").run(async {
        let tree = Folders::new()
            .with("home", 1, &[folder("a"), folder("b"), folder("c")])
            .with("a", 3, &[file(1)])
            .with("b", 2, &[file(10)])
            .with("c", 3, &[file(100)]);
        let (size, time) = timed(total_size(&tree, "home")).await;
        took(time).slower_means("sequential-awaits").should_be(secs(4));
        plainly().unless_eq(size, 111);
    });
}

/// Folders by their paths, with the seconds that it takes to list them.
pub struct Folders {
    all: HashMap<String, (Duration, Vec<Entry>)>,
    /// The folders that somebody has begun to list.
    pub listed: Log,
}

impl Folders {
    pub fn new() -> Self {
        Folders { all: HashMap::new(), listed: Log::new() }
    }

    pub fn with(mut self, path: &str, time: u64, entries: &[Entry]) -> Self {
        self.all.insert(path.to_owned(), (secs(time), entries.to_vec()));
        self
    }
}

impl Tree for Folders {
    async fn list(&self, path: &str) -> Vec<Entry> {
        let _span = span(path);
        self.listed.add(path);
        let (time, entries) = self.all.get(path).expect("only folders that are there");
        sleep(*time).await;
        entries.clone()
    }
}

/// A file of this size.
pub fn file(size: u64) -> Entry {
    Entry::File(size)
}

/// A folder with this path.
pub fn folder(path: &str) -> Entry {
    Entry::Folder(path.to_owned())
}
