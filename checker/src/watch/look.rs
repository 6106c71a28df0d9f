//! Noticing that the learner has saved.
//!
//! The file system tells, where it does; besides, the file itself is looked at
//! each second, as some file systems do not tell (network drives, folders of
//! Windows under WSL) and some tell too little. Either way the content
//! decides, never a time stamp: an editor that touches the file does not start
//! a check, and one that writes a new file and renames it does.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::message::{Alarm, Msg};

/// A save is over when nothing has happened for so long …
const QUIET: Duration = Duration::from_millis(40);
/// … or after so long in any case: some programs never stop writing.
const ENOUGH: Duration = Duration::from_millis(400);
/// How often the file is looked at besides.
const SELDOM: Duration = Duration::from_secs(1);
/// How often if nobody tells of changes.
const OFTEN: Duration = Duration::from_millis(200);

/// Looks at one file at a time.
pub struct Looker {
    orders: Sender<Order>,
}

enum Order {
    /// Look at this file from now on; this is its content as it is known.
    Watch(PathBuf, Option<Vec<u8>>),
    /// The file system says that something has happened.
    Look,
}

impl Looker {
    /// Starts to look, at nothing yet; `Msg::Changed` and `Msg::Missing` go to
    /// `out`. With `polls` the file system is not asked at all.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(polls: bool, out: Sender<Msg>) -> io::Result<Self> {
        let (orders, todo) = mpsc::channel();
        let teller = orders.clone();
        thread::Builder::new().name("look".to_owned()).spawn(move || {
            let _alarm = Alarm(out.clone());
            let told = (!polls).then(|| Told::new(teller)).flatten();
            look(&todo, told, &out);
        })?;
        Ok(Looker { orders })
    }

    /// Looks at this file from now on, instead of another. What it holds now
    /// is no news: whoever calls this checks it afterwards.
    pub fn watch(&self, file: PathBuf) {
        let known = fs::read(&file).ok();
        let _ = self.orders.send(Order::Watch(file, known));
    }
}

/// The file system's own word.
struct Told {
    watcher: RecommendedWatcher,
    folder: Option<PathBuf>,
}

impl Told {
    /// None if the system does not do that.
    fn new(orders: Sender<Order>) -> Option<Self> {
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // That the file was read says nothing; we do that ourselves.
            let reads = |kind: &EventKind| match kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
                EventKind::Access(_) => true,
                _ => false,
            };
            if event.map_or(true, |event| !reads(&event.kind)) {
                let _ = orders.send(Order::Look);
            }
        });
        Some(Told { watcher: watcher.ok()?, folder: None })
    }

    /// Listens to the file's folder: the file itself may be replaced by
    /// another one of its name. Says whether that works.
    fn listen(&mut self, file: &Path) -> bool {
        let Some(folder) = file.parent() else { return false };
        if self.folder.as_deref() == Some(folder) {
            return true;
        }
        if let Some(old) = self.folder.take() {
            let _ = self.watcher.unwatch(&old);
        }
        let listens = self.watcher.watch(folder, RecursiveMode::NonRecursive).is_ok();
        self.folder = listens.then(|| folder.to_owned());
        listens
    }
}

fn look(orders: &Receiver<Order>, mut told: Option<Told>, out: &Sender<Msg>) {
    let mut file = None;
    let mut pause = OFTEN;
    loop {
        let by_clock = match orders.recv_timeout(pause) {
            Ok(Order::Watch(path, known)) => {
                let listens = told.as_mut().is_some_and(|t| t.listen(&path));
                pause = if listens { SELDOM } else { OFTEN };
                file = Some(Watched::new(path, known));
                false
            }
            Ok(Order::Look) => {
                if let Some((path, known)) = settle(orders) {
                    told.as_mut().map(|t| t.listen(&path));
                    file = Some(Watched::new(path, known));
                }
                false
            }
            Err(RecvTimeoutError::Timeout) => true,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let news = file.as_mut().and_then(|file| {
            let content = fs::read(&file.path).ok();
            file.compare(content, by_clock)
        });
        if news.is_some_and(|news| out.send(news.into()).is_err()) {
            return;
        }
    }
}

/// Waits until a save is over. An order to watch another file that comes in
/// between is returned.
fn settle(orders: &Receiver<Order>) -> Option<(PathBuf, Option<Vec<u8>>)> {
    let until = Instant::now() + ENOUGH;
    while Instant::now() < until {
        match orders.recv_timeout(QUIET) {
            Ok(Order::Look) => {}
            Ok(Order::Watch(path, known)) => return Some((path, known)),
            Err(_) => break,
        }
    }
    None
}

/// One file, and what is known of it.
struct Watched {
    path: PathBuf,
    known: Option<Vec<u8>>,
}

/// What a look has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Changed,
    Missing,
}

impl From<Seen> for Msg {
    fn from(seen: Seen) -> Self {
        match seen {
            Seen::Changed => Msg::Changed,
            Seen::Missing => Msg::Missing,
        }
    }
}

impl Watched {
    fn new(path: PathBuf, known: Option<Vec<u8>>) -> Self {
        Watched { path, known }
    }

    /// Compares with what is known. A file that has just become empty or
    /// disappeared may be in the middle of a save: that counts only when the
    /// clock has come round and it is still so.
    fn compare(&mut self, content: Option<Vec<u8>>, by_clock: bool) -> Option<Seen> {
        let vague = content.as_ref().is_none_or(Vec::is_empty);
        if content == self.known || (vague && !by_clock) {
            return None;
        }
        self.known = content;
        Some(if self.known.is_some() { Seen::Changed } else { Seen::Missing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(known: &str) -> Watched {
        Watched::new(PathBuf::from("a.rs"), Some(known.into()))
    }

    fn bytes(text: &str) -> Option<Vec<u8>> {
        Some(text.into())
    }

    #[test]
    fn content_decides_and_each_content_is_told_once() {
        let mut file = watched("one");
        assert_eq!(file.compare(bytes("one"), false), None, "only touched");
        assert_eq!(file.compare(bytes("two"), false), Some(Seen::Changed));
        assert_eq!(file.compare(bytes("two"), true), None);
        assert_eq!(file.compare(bytes("one"), true), Some(Seen::Changed), "taken back");
    }

    #[test]
    fn the_middle_of_a_save_is_not_a_save() {
        let mut file = watched("one");
        assert_eq!(file.compare(bytes(""), false), None);
        assert_eq!(file.compare(None, false), None);
        assert_eq!(file.compare(bytes("one"), false), None);
        assert_eq!(file.compare(bytes(""), true), Some(Seen::Changed), "empty, and it stays so");
        assert_eq!(file.compare(None, true), Some(Seen::Missing));
        assert_eq!(file.compare(None, true), None);
        assert_eq!(file.compare(bytes("one"), false), Some(Seen::Changed), "back again");
    }

    /// Real files and threads: however slow the machine, the news must come.
    fn hears_of_saves(polls: bool) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.rs");
        fs::write(&file, "0").unwrap();
        let (out, news) = mpsc::channel();
        let looker = Looker::start(polls, out).unwrap();
        looker.watch(file.clone());
        let next = || news.recv_timeout(Duration::from_secs(60)).unwrap();
        fs::write(&file, "1").unwrap();
        assert!(matches!(next(), Msg::Changed), "written in place");
        fs::write(folder.path().join("new"), "2").unwrap();
        fs::rename(folder.path().join("new"), &file).unwrap();
        assert!(matches!(next(), Msg::Changed), "replaced");
        fs::remove_file(&file).unwrap();
        // A save seen half-way counts as two, on a machine that is slow enough.
        while !matches!(next(), Msg::Missing) {}
        fs::write(&file, "3").unwrap();
        assert!(matches!(next(), Msg::Changed), "back again");
    }

    #[test]
    fn saves_are_heard_by_events() {
        hears_of_saves(false);
    }

    #[test]
    fn saves_are_heard_by_polling() {
        hears_of_saves(true);
    }

    #[test]
    fn the_last_of_many_quick_saves_is_never_lost() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.rs");
        fs::write(&file, "0").unwrap();
        let (out, news) = mpsc::channel();
        let looker = Looker::start(false, out).unwrap();
        looker.watch(file.clone());
        for i in 1..=100 {
            fs::write(&file, i.to_string()).unwrap();
        }
        // However the hundred were put together: once the news has come, what
        // was read for it is either the last content or more news follows.
        let mut known = Watched::new(file.clone(), bytes("0"));
        while known.known != bytes("100") {
            assert!(matches!(news.recv_timeout(Duration::from_secs(60)), Ok(Msg::Changed)));
            known.compare(fs::read(&file).ok(), true);
        }
    }
}
