//! The lines of a text, the lines of files, and a copy.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fs;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll};
use std::thread;

use exercise::file_lines::{copy_upper, count_files, count_lines};
use kit::{
    ByHand, Lab, LentFuture, alive_tasks, blame, by_hand, counting_waker, drive, lab, ms, patience,
    plainly,
};
use tokio::io::{AsyncRead, BufReader, ReadBuf};
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;

#[test]
fn lines_are_counted_and_every_thousand_is_told() {
    watched().run(async {
        let counted = counted(Text::of(["a line\n".repeat(2_500)])).await;
        counted.are(2_500);
        plainly().unless_eq(&counted.told, &vec![1_000, 2_000]);
        counted.gives_way();
    });
}

#[test]
fn files_are_counted_and_copied() {
    with_files().run_sync(|| {
        let folder = Folder::new();
        let poem = folder.with("poem.txt", "one\ntwo\nthree");
        let empty = folder.with("empty.txt", "");
        let (counts, _) = counts_of(&[&poem, &empty, &poem], &mut |_| {});
        plainly().unless_eq(counts, [Ok(3), Ok(0), Ok(3)]);
        copies("one\ntwo\nthree");
    });
}

/// Tests of texts that nobody else brings.
pub fn watched() -> Lab {
    lab().hang_means("pending-without-waker")
}

/// Tests with files: whoever holds the thread until the disk has moved holds it for
/// ever, because here the disk moves when the thread is free.
pub fn with_files() -> Lab {
    lab().stuck_means("sync-io-in-async").in_place_means("sync-io-in-async")
}

// --- Texts without a file

/// A reader of a text that comes in pieces.
pub struct Text {
    pieces: VecDeque<Vec<u8>>,
    /// Whether each piece lets its reader wait.
    comes_late: bool,
    waited: bool,
    /// How it ends, if not well.
    fails: Option<ErrorKind>,
    /// How often the end was read.
    ends: usize,
    /// Whether its lines, which are empty, are given one at a time.
    line_by_line: bool,
    /// So many ends of lines have been read.
    lines: Rc<Cell<usize>>,
}

impl Text {
    /// All of it is there.
    pub fn of<P: Into<Vec<u8>>>(pieces: impl IntoIterator<Item = P>) -> Self {
        let pieces = pieces.into_iter().map(Into::into).filter(|piece: &Vec<u8>| !piece.is_empty());
        Text {
            pieces: pieces.collect(),
            comes_late: false,
            waited: false,
            fails: None,
            ends: 0,
            line_by_line: false,
            lines: Rc::default(),
        }
    }

    /// So many lines with nothing in them, all of them there.
    pub fn line_by_line(lines: usize) -> Self {
        Text { line_by_line: true, ..Text::of(["\n".repeat(lines)]) }
    }

    pub fn that_comes_late(self) -> Self {
        Text { comes_late: true, ..self }
    }

    pub fn that_fails(self, kind: ErrorKind) -> Self {
        Text { fails: Some(kind), ..self }
    }
}

impl AsyncRead for Text {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let me = &mut *self;
        me.waited = me.comes_late && !me.waited;
        if me.waited {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(piece) = me.pieces.front_mut() else {
            me.ends += 1;
            // Once would do. But it is asked again by whoever is asked again.
            blame("eof-spin")
                .because("read-after-the-end", &[("count", &(me.ends - 1))])
                .unless(me.ends <= 20);
            return Poll::Ready(me.fails.map_or(Ok(()), |kind| Err(kind.into())));
        };
        let fits = piece.len().min(buf.remaining());
        buf.put_slice(&piece[..fits]);
        let lines = piece.drain(..fits).filter(|byte| *byte == b'\n').count();
        me.lines.set(me.lines.get() + lines);
        if piece.is_empty() {
            me.pieces.pop_front();
        }
        Poll::Ready(Ok(()))
    }
}

/// A future of the answer, boxed, so that little is compiled anew for each.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What `count_lines` has counted and told.
pub struct Counted {
    /// Of an error its kind.
    pub lines: Result<u64, ErrorKind>,
    pub told: Vec<u64>,
    /// So many lines were gone through in one poll, at most: as many as were told, or
    /// as were read one by one.
    in_one_go: usize,
}

impl Counted {
    /// Checks the number of lines.
    pub fn are(&self, lines: u64) {
        // One, and two, and three …
        let each_again = self.lines == Ok(lines * (lines + 1) / 2) && lines > 1;
        let check = if each_again { blame("line-buffer-not-cleared") } else { plainly() };
        check.unless_eq(self.lines, Ok(lines));
    }

    /// Checks that others have had a turn in time. Who gives way may have looked whether
    /// there is another line.
    pub fn gives_way(&self) {
        blame("never-yields")
            .because("lines-in-one-go", &[("count", &self.in_one_go)])
            .unless(self.in_one_go <= 1_001);
    }
}

pub async fn counted(text: Text) -> Counted {
    let (told, mut in_one_go) = (RefCell::new(vec![]), 0);
    let progress = |count| told.borrow_mut().push(count);
    let (read, line_by_line) = (text.lines.clone(), text.line_by_line);
    // Otherwise many lines are read at once, and it is the answer's affair when it goes
    // through them.
    let text = BufReader::with_capacity(if line_by_line { 1 } else { 8_192 }, text);
    let mut task: Task<_> = Box::pin(count_lines(text, progress));
    let lines = poll_fn(|cx| {
        let before = (told.borrow().len(), read.get());
        let polled = task.as_mut().poll(cx);
        let thousands = told.borrow().len() - before.0;
        let lines = if line_by_line { read.get() - before.1 } else { 0 };
        in_one_go = in_one_go.max(lines).max(thousands * 1_000);
        polled
    })
    .await
    .map_err(|error| error.kind());
    drop(task);
    Counted { lines, told: told.into_inner(), in_one_go }
}

// --- Files

/// A folder of its own for a test. It goes when the test is over.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("asynclings-{}-{}", process::id(), COUNT.fetch_add(1, SeqCst));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder for temporary files");
        Folder(folder)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file with this text.
    pub fn with(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("room for a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is in a file now; nothing if there is none.
pub fn text_of(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

/// How many bytes are in a file now; none if there is no file.
fn length_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// A runtime on this thread, and one other thread for all that may block. That is the
/// disk of these tests. It does what it was asked for when it has a turn, and stands
/// still between two turns.
struct Disk {
    runtime: Option<Runtime>,
    /// Its thread waits behind this.
    door: Cell<Option<Sender<()>>>,
}

impl Disk {
    /// It stands still.
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_time().max_blocking_threads(1).build();
        let disk = Disk { runtime: runtime.ok(), door: Cell::new(None) };
        disk.turn();
        disk
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is there until the end")
    }

    /// Does all that has been asked for by now, and then stands still again.
    fn turn(&self) {
        let (open, opened) = channel::<()>();
        let (say, shut) = channel::<()>();
        // Jobs are done in the order in which they were asked for.
        self.runtime().spawn_blocking(move || {
            drop(say);
            opened.recv()
        });
        drop(self.door.replace(Some(open)));
        // Nobody says anything: the end of the channel is the message.
        let _ = shut.recv();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.door.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The answer is polled, and the disk stands still.
    Answer,
    /// The disk does what it was asked for, and nobody is polled.
    Disk,
    /// The answer has come to its end, and the disk stands still.
    End,
}

/// Polls it in turns with the disk until it is ready; `before` is called at the
/// beginning of each turn. Tells what came of it, and after how many turns of the disk.
/// Of a text of so many `bytes` a piece may be small.
fn in_turns<T>(
    who: &str,
    bytes: u64,
    task: Task<'_, T>,
    before: &mut dyn FnMut(Turn),
) -> (T, usize) {
    let mut given = None;
    let most = TURNS + bytes as usize / 16;
    let turns = turns_of(who, most, Box::pin(async { given = Some(task.await) }), before);
    (given.expect("a future that has come to its end has an output"), turns)
}

/// In these tests nobody is polled more often between two turns of the disk: once a
/// line would be enough.
const POLLS: usize = 20_000;

/// Nor has the disk more turns, unless the text is long.
const TURNS: usize = 5_000;

/// Turns of the disk of which nobody has heard. Then it is given time.
const IN_VAIN: usize = 5;

fn turns_of(who: &str, most: usize, mut task: Task<'_, ()>, before: &mut dyn FnMut(Turn)) -> usize {
    let disk = Disk::new();
    drive(disk.runtime(), async {
        let (wakes, waker) = counting_waker(who);
        let mut polled = by_hand(task.as_mut(), (&wakes, &waker));
        let mut in_vain = 0;
        for turns in 0..most {
            before(Turn::Answer);
            let heard = wakes.wakes();
            if polled_out(who, &mut polled, turns == 0).await {
                before(Turn::End);
                return turns;
            }
            before(Turn::Disk);
            disk.turn();
            // A task that it has spawned may hear of it in its place.
            let is_heard = wakes.wakes() > heard || alive_tasks() > 0;
            in_vain = if is_heard { 0 } else { in_vain + 1 };
            if in_vain > IN_VAIN {
                // It waits for a clock, or for a thread of its own. Longer and longer.
                let waits = in_vain - IN_VAIN;
                blame("pending-without-waker")
                    .because("not-woken", &[("who", &who)])
                    .unless(waits < 11);
                thread::sleep(ms(1 << waits));
            }
        }
        blame("eof-spin").because("read-after-the-end", &[("count", &most)]).now()
    })
}

/// Polls it for as long as it is woken, and lets tasks run that it has spawned.
async fn polled_out(who: &str, polled: &mut LentFuture<'_, Watched<'_>>, at_first: bool) -> bool {
    let (mut polls, mut quiet, mut at_first) = (0, 0, at_first);
    while quiet < 3 {
        quiet += 1;
        if at_first || polled.is_woken() {
            (at_first, quiet, polls) = (false, 0, polls + 1);
            blame("busy-wake")
                .because("polled-often", &[("who", &who), ("count", &polls)])
                .unless(polls <= POLLS);
            // Says that this thread drives tasks, so that no other loop can run in here.
            let entered = futures::executor::enter();
            if polled.turn().is_ready() {
                return true;
            }
            drop(entered);
        }
        yield_now().await;
    }
    false
}

type Watched<'a> = dyn Future<Output = ()> + 'a;

/// Whether it comes to its end while the disk stands still, and not in its first polls:
/// then the answer has threads of its own, and what they do is done in no poll.
fn is_done_elsewhere(who: &str, make: &dyn Fn() -> Task<'static, ()>) -> bool {
    // A thread can be so quick that it looks as if there was none.
    let is_done = (0..100).find_map(|_| {
        let disk = Disk::new();
        drive(disk.runtime(), async {
            let mut task = make();
            let (wakes, waker) = counting_waker(who);
            let mut polled = by_hand(task.as_mut(), (&wakes, &waker));
            if polled_out(who, &mut polled, true).await {
                return None;
            }
            for wait in patience() {
                thread::sleep(wait);
                if polled_out(who, &mut polled, false).await {
                    return Some(true);
                }
            }
            Some(false)
        })
    });
    is_done.unwrap_or(false)
}

/// The lines of these files, of an error its kind, and after how many turns of the disk.
pub fn counts_of(
    paths: &[&Path],
    before: &mut dyn FnMut(Turn),
) -> (Vec<Result<u64, ErrorKind>>, usize) {
    let mut tasks = 0;
    let bytes = paths.iter().map(|path| length_of(path)).sum();
    let task = Box::pin(count_files(paths));
    let (counts, turns) = in_turns("count_files", bytes, task, &mut |turn| {
        before(turn);
        tasks = alive_tasks();
    });
    if turns == 0 && !paths.is_empty() {
        all_ended(tasks);
        counted_here();
    }
    let kinds = counts.into_iter().map(|count| count.map_err(|error| error.kind()));
    (kinds.collect(), turns)
}

/// Checks that no tasks were left.
pub fn all_ended(tasks: usize) {
    blame("dropped-handle-detaches")
        .because("tasks-alive", &[("count", &tasks), ("expected", &0)])
        .unless(tasks == 0);
}

/// Something was done with a file in a poll of `count_files`; unless it wasn't.
pub fn counted_here() {
    let what = "A call that opens or reads a file";
    blame("sync-io-in-async")
        .because("on-executor", &[("what", &what)])
        .unless(is_counted_elsewhere());
}

/// Whether `count_files` has threads of its own.
pub fn is_counted_elsewhere() -> bool {
    is_done_elsewhere("count_files", &|| {
        Box::pin(async {
            let folder = Folder::new();
            count_files(&[folder.with("text", "one\n")]).await;
        })
    })
}

/// What was copied by the time at which it is said to be done.
pub struct Copied {
    /// Of an error its kind.
    pub written: Result<u64, ErrorKind>,
    pub text: String,
    tasks: usize,
}

/// Copies a file.
pub fn copied(src: &Path, dst: &Path, before: &mut dyn FnMut(Turn)) -> Copied {
    let (mut text, mut tasks) = (String::new(), 0);
    let task = Box::pin(copy_upper(src, dst));
    let (written, turns) = in_turns("copy_upper", length_of(src), task, &mut |turn| {
        before(turn);
        if turn == Turn::End {
            (text, tasks) = (text_of(dst), alive_tasks());
        }
    });
    if turns == 0 {
        copied_here();
    }
    Copied { written: written.map_err(|error| error.kind()), text, tasks }
}

/// Something was done with a file in a poll of `copy_upper`; unless it wasn't.
pub fn copied_here() {
    let elsewhere = is_done_elsewhere("copy_upper", &|| {
        Box::pin(async {
            let folder = Folder::new();
            let _ = copy_upper(&folder.with("text", "one\n"), &folder.path("copy")).await;
        })
    });
    let what = "A call that opens, reads or writes a file";
    blame("sync-io-in-async").because("on-executor", &[("what", &what)]).unless(elsewhere);
}

/// Copies a text, and checks the copy.
pub fn copies(text: &str) {
    let folder = Folder::new();
    let src = folder.with("text.txt", text);
    copied(&src, &folder.path("copy.txt"), &mut |_| {}).should_be(text);
}

impl Copied {
    /// Checks that it is the copy of this text, and all of it.
    pub fn should_be(self, text: &str) {
        let (wanted, there) = (text.to_uppercase(), self.text);
        if self.written == Err(ErrorKind::InvalidData) || there.contains('\u{FFFD}') {
            blame("short-read-assumed").because("letter-cut", &[]).now();
        }
        if there != wanted {
            all_ended(self.tasks);
            let first = wanted.split_inclusive('\n').next().unwrap_or_default();
            if there.starts_with(&first.repeat(2)) && !wanted.starts_with(&first.repeat(2)) {
                blame("line-buffer-not-cleared").unless_eq(&there, &wanted);
            }
            let rest = wanted.strip_prefix(there.as_str()).map(str::trim_ascii);
            if self.written.is_ok() && rest.is_some_and(|rest| !rest.is_empty()) {
                // Did it know that this is not all?
                let knew = self.written == Ok(there.len() as u64);
                blame(if knew { "short-read-assumed" } else { "unflushed-writer" })
                    .because("bytes-there", &[("there", &there.len()), ("all", &wanted.len())])
                    .now();
            }
        }
        plainly().unless_eq(&there, &wanted);
        plainly().unless_eq(self.written, Ok(wanted.len() as u64));
    }
}
