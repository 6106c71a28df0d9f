//! The rest of the contract: where a line ends, who waits for the disk, and what is
//! left when something fails.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
#[cfg(target_os = "linux")]
use std::os::fd::AsRawFd;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::task::{Poll, Waker};
use std::thread;

use exercise::file_lines::{copy_upper, count_files};
use kit::{
    alive_tasks, blame, counting_waker, drive, elsewhere, ms, panic_words, patience,
    paused_runtime, plainly, poll_with,
};
use tokio::runtime::Builder;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::sleep;

use crate::visible::{
    Folder, Task, Text, Turn, all_ended, copied, copied_here, copies, counted, counted_here,
    counts_of, is_counted_elsewhere, text_of, watched, with_files,
};

#[test]
fn a_line_ends_where_its_end_is() {
    watched().run(async {
        let texts = [
            ("", 0),
            ("\n", 1),
            ("one", 1),
            ("one\n", 1),
            ("one\ntwo", 2),
            ("one\r\ntwo\r\n", 2),
            ("one\r\ntwo", 2),
            ("\n\n\n", 3),
            ("größe ✓\n🦀\nende", 3),
        ];
        for (text, lines) in texts {
            let whole = counted(Text::of([text])).await;
            plainly().unless_eq((text, whole.lines), (text, Ok(lines)));
            plainly().unless_eq(whole.told, [0; 0]);
            // And the same in pieces, however they are cut.
            for length in [1, 2, 5] {
                for late in [false, true] {
                    let pieces = Text::of(text.as_bytes().chunks(length));
                    let pieces = if late { pieces.that_comes_late() } else { pieces };
                    let counted = counted(pieces).await;
                    blame("short-read-assumed").unless_eq((text, counted.lines), (text, Ok(lines)));
                }
            }
        }
    });
}

#[test]
fn every_thousand_is_told_and_others_have_a_turn() {
    watched().run(async {
        let texts = [(999, ""), (999, "x"), (1_000, ""), (5_001, "")].map(|(lines, rest)| {
            let text = "\n".repeat(lines) + rest;
            (text, lines + rest.len())
        });
        for (text, lines) in texts {
            // All in one piece, in small ones, and in such as let their reader wait.
            let there = Text::of([text.as_str()]);
            let pieces = || Text::of(text.as_bytes().chunks(300));
            for text in [there, pieces(), pieces().that_comes_late()] {
                let counted = counted(text).await;
                counted.are(lines as u64);
                plainly().unless_eq(&counted.told, &thousands(lines / 1_000));
                counted.gives_way();
                // Each may be polled once a line; so often at one moment is too often.
                sleep(ms(1)).await;
            }
        }
        counted(Text::line_by_line(5_001)).await.gives_way();
    });
}

fn thousands(count: usize) -> Vec<u64> {
    (1..=count as u64).map(|n| n * 1_000).collect()
}

#[test]
fn an_error_of_the_reader_is_passed_on() {
    watched().run(async {
        for text in ["", "one\ntw", "one\ntwo\n"] {
            let fails = Text::of([text]).that_fails(ErrorKind::ConnectionReset);
            plainly().unless_eq(counted(fails).await.lines, Err(ErrorKind::ConnectionReset));
        }
    });
}

#[test]
fn a_bad_file_costs_no_other_its_count() {
    with_files().run_sync(|| {
        let folder = Folder::new();
        let good = folder.with("good", "one\ntwo");
        let missing = folder.path("missing");
        let paths: [&Path; 5] = [&good, &missing, &good, &folder.path(""), &good];
        plainly().unless_eq(counts_of(&[&good], &mut |_| {}).0, [Ok(2)]);
        let counts = catch_unwind(AssertUnwindSafe(|| counts_of(&paths, &mut |_| {}).0));
        let counts = counts.unwrap_or_else(|panic| {
            let Some(words) = panic_words(&*panic) else { resume_unwind(panic) };
            blame("one-failure-kills-all")
                .because("panicked", &[("who", &"count_files"), ("message", &words)])
                .now()
        });
        // A folder is no file; what that is called depends on the system.
        let good: Vec<_> = counts.iter().filter(|count| **count == Ok(2)).collect();
        blame("one-failure-kills-all").unless_eq(good, [&Ok(2); 3]);
        plainly().unless_eq(counts.len(), 5);
        plainly().unless_eq(&counts[1], &Err(ErrorKind::NotFound));
        plainly().unless(counts[3].is_err());
        blame("buffered-zero-hang").unless(none_has_an_end());
        plainly().unless_eq(counts_of(&[], &mut |_| {}).0, []);
    });
}

/// Whether the counts of no files are ever there. Who is polled again need not be woken.
fn none_has_an_end() -> bool {
    let runtime = paused_runtime();
    let ended = drive(&runtime, async {
        let mut none: Task<_> = Box::pin(count_files::<&Path>(&[]));
        for wait in patience() {
            for _ in 0..3 {
                if poll_with(none.as_mut(), Waker::noop()).is_ready() {
                    return true;
                }
                yield_now().await;
            }
            thread::sleep(wait);
        }
        false
    });
    runtime.shutdown_background();
    ended
}

/// Something that takes the disk many turns, as a rule.
fn long_text() -> String {
    "and another line\n".repeat(3_000)
}

#[test]
fn counts_stand_in_the_order_of_the_paths() {
    with_files().run_sync(|| {
        let folder = Folder::new();
        let long = folder.with("long", &long_text());
        let short = folder.with("short", "one\ntwo\n");
        in_order(counts_of(&[&long, &short], &mut |_| {}).0, &[3_000, 2]);
        if counts_of(&[&long], &mut |_| {}).1 > 1 {
            return;
        }
        // Who reads a file in one go has them done in their order, unless the first
        // takes its time and there is another thread.
        let huge = folder.path("huge");
        let made = File::create(&huge).and_then(|file| file.set_len(8 << 20));
        plainly().unless(made.is_ok());
        for _ in 0..5 {
            let runtime = paused_runtime();
            let counts = drive(&runtime, async { count_files(&[&huge, &short]).await });
            runtime.shutdown_background();
            let kinds = counts.into_iter().map(|count| count.map_err(|error| error.kind()));
            in_order(kinds.collect(), &[1, 2]);
        }
    });
}

fn in_order(counts: Vec<Result<u64, ErrorKind>>, wanted: &[u64]) {
    let counts: Vec<_> = counts.into_iter().map(|count| count.unwrap_or_default()).collect();
    let (mut sorted, mut all) = (counts.clone(), wanted.to_vec());
    sorted.sort();
    all.sort();
    let check = if sorted == all { blame("result-order-mixup") } else { plainly() };
    check.unless_eq(counts, wanted);
}

#[test]
fn several_files_are_under_way() {
    with_files().run_sync(|| {
        let folder = Folder::new();
        let names = ["one", "two", "three", "four"];
        let paths = names.map(|name| folder.with(name, &long_text()));
        let paths: Vec<&Path> = paths.iter().map(|path| &**path).collect();
        let (_, one) = counts_of(&paths[..1], &mut |_| {});
        let (counts, all) = counts_of(&paths, &mut |_| {});
        plainly().unless_eq(counts, [Ok(3_000); 4]);
        if all >= 4 * one && !is_counted_elsewhere() {
            blame("sequential-awaits")
                .because("turns-of-the-disk", &[("one", &one), ("all", &all)])
                .now();
        }
    });
}

#[test]
fn a_copy_is_whole_when_it_is_done() {
    with_files().run_sync(|| {
        // Without an end of line, with many kinds of it, with nothing but that, and with
        // nothing.
        for text in ["ein wort", "one\r\ntwo\n\nthree\r\n\r\nfour\n", "\n", ""] {
            copies(text);
        }
        // Letters that change their length, and such as are cut wherever a piece ends.
        copies("größe ılık straße ŉ ✓\n🦀 ende\n");
        copies(&format!("x{}\ny{}", "ö".repeat(20_000), "é".repeat(9_000)));
        copies(&"and another line\n".repeat(600));
        // More than a file takes in one go.
        copies(&"and on, ".repeat(300_000));
    });
}

#[test]
fn the_end_of_the_text_does_not_overtake_its_bytes() {
    with_files().run_sync(|| {
        copies("one\ntwo");
        let folder = Folder::new();
        if !into_a_full_pipe(&folder) {
            at_the_same_time(&folder);
        }
    });
}

/// Copies into a pipe that is full before all of the copy is in it. So somebody waits
/// with the rest, while another thread finds that there is no more text. False where
/// no pipe can be made, as in a sandbox.
fn into_a_full_pipe(folder: &Folder) -> bool {
    let dst = folder.path("pipe");
    let made = Command::new("mkfifo").arg(&dst).status();
    if !made.is_ok_and(|made| made.success()) {
        return false;
    }
    let Ok(pipe) = File::options().read(true).write(true).open(&dst) else { return false };
    let src = folder.with("text", &"x".repeat(300_000));
    let runtime = Builder::new_current_thread().enable_time().max_blocking_threads(2).build();
    let Ok(runtime) = runtime else { return false };
    let overtaken = drive(&runtime, async {
        let mut copy: Task<_> = Box::pin(copy_upper(&src, &dst));
        let (wakes, waker) = counting_waker("copy_upper");
        let (mut in_vain, mut heard) = (0, usize::MAX);
        // Until it has heard of all that can be done with a full pipe.
        while in_vain < 200 {
            in_vain = if wakes.wakes() == heard { in_vain + 1 } else { 0 };
            heard = wakes.wakes();
            if in_vain == 0
                && let Poll::Ready(copied) = poll_with(copy.as_mut(), &waker)
            {
                let is_in_the_pipe = fs::metadata(&dst).is_ok_and(|there| !there.is_file());
                return (copied.is_ok() && is_in_the_pipe).then(alive_tasks);
            }
            // Jobs are begun in the order in which they were asked for.
            let _ = spawn_blocking(|| {}).await;
        }
        // Now somebody takes what comes, until there is a zero.
        let Ok(mut taken) = pipe.try_clone() else { return None };
        let taker = elsewhere(move || {
            let mut bytes = [1; 4_096];
            while taken.read(&mut bytes).is_ok_and(|count| bytes[..count].last() != Some(&0)) {}
        });
        let _ = copy.await;
        let _ = (&pipe).write(&[0]);
        let _ = taker.join();
        None
    });
    drop(pipe);
    runtime.shutdown_background();
    if let Some(tasks) = overtaken {
        all_ended(tasks);
        blame("unflushed-writer").because("bytes-in-the-pipe", &[]).now();
    }
    true
}

/// Copies many bytes, and has the end of the text found on another thread. As a rule
/// that is quicker; who waits for all passes, however quick they are.
fn at_the_same_time(folder: &Folder) {
    let text = "ΐ".repeat(330_000);
    let (src, all) = (folder.with("text", &text), text.len() as u64 * 3);
    for round in 0..24 {
        let dst = folder.path(&format!("copy {round}"));
        let runtime = paused_runtime();
        let (written, there, tasks) = drive(&runtime, async {
            let written = copy_upper(&src, &dst).await;
            (written, fs::metadata(&dst).map_or(0, |file| file.len()), alive_tasks())
        });
        runtime.shutdown_background();
        plainly().unless_eq(written.map_err(|error| error.kind()), Ok(all));
        if there != all {
            all_ended(tasks);
        }
        blame("unflushed-writer")
            .because("bytes-there", &[("there", &there), ("all", &all)])
            .unless(there == all);
        let _ = fs::remove_file(&dst);
    }
}

#[test]
fn what_cannot_be_written_is_an_error() {
    with_files().run_sync(|| {
        copies("one");
        let folder = Folder::new();
        // So little that it is still on its way when all is said.
        let src = folder.with("text", "one");
        let Some((pipe, dst)) = pipe_without_reader() else { return };
        let runtime = paused_runtime();
        let written = drive(&runtime, async { copy_upper(&src, &dst).await });
        runtime.shutdown_background();
        drop(pipe);
        plainly().unless_eq(written.map_err(|_| "an error"), Err("an error"));
    });
}

/// A file that can be opened, and takes no byte. None where there is no such thing.
#[cfg(target_os = "linux")]
fn pipe_without_reader() -> Option<(std::io::PipeWriter, PathBuf)> {
    let (_, writer) = std::io::pipe().ok()?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", writer.as_raw_fd()));
    path.exists().then_some((writer, path))
}

#[cfg(not(target_os = "linux"))]
fn pipe_without_reader() -> Option<(File, PathBuf)> {
    None
}

#[test]
fn a_copy_replaces_what_was_there() {
    with_files().run_sync(|| {
        let folder = Folder::new();
        let src = folder.with("text", "one\ntwo\n");
        let dst = folder.with("copy", &long_text());
        copied(&src, &dst, &mut |_| {}).should_be("one\ntwo\n");

        let missing = copied(&folder.path("missing"), &dst, &mut |_| {});
        plainly().unless_eq(missing.written, Err(ErrorKind::NotFound));
        plainly().unless_eq(missing.text, "ONE\nTWO\n");
        // And where there is no room for a copy.
        let nowhere = copied(&src, &folder.path("no/such/folder"), &mut |_| {});
        plainly().unless_eq(nowhere.written, Err(ErrorKind::NotFound));
    });
}

/// What a file is like while the answer is polled, and what it is like while the disk
/// is at work.
struct Scene<'a> {
    path: &'a Path,
    /// While the answer is polled the file has another name, and another text.
    away: &'a Path,
}

const SEEN_BY_THE_DISK: &str = "one\ntwo\nthree\n";
const SEEN_IN_A_POLL: &str = "a\nb\nc\nd\ne\nf\ng\n";

impl Scene<'_> {
    fn set(&self, turn: Turn) {
        let hidden = |hidden: bool| {
            let (from, to) = if hidden { (self.path, self.away) } else { (self.away, self.path) };
            fs::rename(from, to)
        };
        let set = match turn {
            Turn::Answer => hidden(true).and_then(|()| fs::write(self.away, SEEN_IN_A_POLL)),
            _ => fs::write(self.away, SEEN_BY_THE_DISK).and_then(|()| hidden(false)),
        };
        plainly().unless(set.is_ok());
    }
}

#[test]
fn nobody_counts_on_the_thread_that_polls() {
    with_files().run_sync(|| {
        let folder = Folder::new();
        let path = folder.with("text", SEEN_BY_THE_DISK);
        plainly().unless_eq(counts_of(&[&path], &mut |_| {}).0, [Ok(3)]);
        let scene = Scene { path: &path, away: &folder.path("away") };
        let (counts, _) = counts_of(&[&path], &mut |turn| scene.set(turn));
        if counts != [Ok(3)] {
            counted_here();
        }
    });
}

#[test]
fn nobody_copies_on_the_thread_that_polls() {
    with_files().run_sync(|| {
        copies(SEEN_BY_THE_DISK);
        let folder = Folder::new();
        let (src, dst) = (folder.with("text", SEEN_BY_THE_DISK), folder.path("copy"));
        let scene = Scene { path: &src, away: &folder.path("away") };
        // While the answer is polled the copy has another name, too, and something else
        // stands in its place.
        let away = folder.path("copy away");
        let there = || [&dst, &away].map(|path| (path.exists(), text_of(path)));
        let (mut before, mut is_written_here) = (there(), false);
        let copied = copied(&src, &dst, &mut |turn| {
            scene.set(turn);
            // At first there is no copy.
            if turn == Turn::Answer {
                let _ = fs::rename(&dst, &away);
                plainly().unless(fs::write(&dst, SEEN_IN_A_POLL).is_ok());
                before = there();
            } else {
                is_written_here |= before != there();
                let _ = fs::remove_file(&dst);
                let _ = fs::rename(&away, &dst);
            }
        });
        if is_written_here || copied.text != SEEN_BY_THE_DISK.to_uppercase() {
            copied_here();
        }
    });
}
