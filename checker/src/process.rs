//! Running another program: with a limit on its time and its output, and
//! never leaving anything of it behind.

use std::io::{self, PipeReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::cancel::Cancel;

/// Which of the program's streams are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Both, as they come.
    Both,
    /// Standard output; where standard error goes, the command says.
    Stdout,
    /// Standard error; where standard output goes, the command says.
    Stderr,
}

/// How much a program may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Real time until it is ended.
    pub time: Duration,
    /// Bytes of output that are kept; the rest is read and thrown away.
    pub output: usize,
}

/// How long output is awaited of programs that have ended. On a machine with
/// much to do, what they wrote may not be read at once, and verdicts hang on it;
/// so this is long. It matters only if somebody has left the group.
const STRAY: Duration = Duration::from_secs(10);

/// What came of a program.
#[derive(Debug)]
pub(crate) struct Finished {
    pub end: End,
    pub output: Vec<u8>,
    pub time: Duration,
}

impl Finished {
    /// The output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }
}

/// Why a program is no longer there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It ended by itself, or by a signal from elsewhere.
    Exited(ExitStatus),
    /// It was ended at its time limit.
    TimedOut,
    /// It was ended because the caller asked to stop.
    Cancelled,
}

/// Runs `command` to its end, with everything that it starts itself in one
/// process group (a job object on Windows), which is ended as a whole.
pub(crate) fn run(
    command: Command,
    keep: Keep,
    limits: Limits,
    cancel: &Cancel,
) -> io::Result<Finished> {
    run_with(command, Stdio::null(), keep, limits, cancel)
}

/// [`run`], with something to read on its standard input.
pub(crate) fn run_with(
    mut command: Command,
    input: Stdio,
    keep: Keep,
    limits: Limits,
    cancel: &Cancel,
) -> io::Result<Finished> {
    let start = Instant::now();
    let (sender, news) = mpsc::channel();
    let to_stop = sender.clone();
    // Before the start, so that no cancellation falls between the two.
    let _listening = cancel.on_cancel(move || drop(to_stop.send(News::Cancel)));
    if cancel.is_cancelled() {
        let nothing = Finished { end: End::Cancelled, output: Vec::new(), time: Duration::ZERO };
        return Ok(nothing);
    }

    let (reader, writer) = io::pipe()?;
    command.stdin(input);
    match keep {
        Keep::Both => command.stdout(writer.try_clone()?).stderr(writer),
        Keep::Stdout => command.stdout(writer),
        Keep::Stderr => command.stderr(writer),
    };
    let kept = Arc::new(Mutex::new(Vec::new()));
    let into = kept.clone();
    // Before the start: what is started may use up all threads that there are.
    std::thread::Builder::new().name("output".into()).spawn(move || {
        drain(reader, &into, limits.output);
        drop(sender.send(News::Closed));
    })?;
    let mut group = Group::spawn(command)?;

    let (end, mut closed) = wait(&mut group, &news, start + limits.time)?;
    group.end();
    let time = start.elapsed();
    // The pipe closes with the last process of the group. One that has left the
    // group could hold it open for ever; that one's output is not waited for.
    while !closed {
        match news.recv_timeout(STRAY) {
            Ok(News::Closed) | Err(_) => closed = true,
            Ok(News::Cancel) => {}
        }
    }
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Finished { end, output: std::mem::take(&mut *kept), time })
}

enum News {
    /// The program closed its output: as a rule because it has ended.
    Closed,
    Cancel,
}

/// Waits until the program has ended by itself or must be ended.
///
/// There is no portable way to wait for a process and for something else. But
/// a process that ends closes its output, and that comes as news at once. Only
/// for those that close it early, or leave it to a child, the clock looks.
/// Also returns whether the output was closed.
fn wait(group: &mut Group, news: &Receiver<News>, until: Instant) -> io::Result<(End, bool)> {
    const MOST: Duration = Duration::from_millis(50);
    let mut pause = MOST;
    let mut closed = false;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match news.recv_timeout(left.min(pause)) {
            Ok(News::Cancel) => return Ok((End::Cancelled, closed)),
            Ok(News::Closed) => (closed, pause) = (true, Duration::from_micros(100)),
            Err(_) => pause = (pause * 2).min(MOST),
        }
        if let Some(status) = group.child.try_wait()? {
            return Ok((End::Exited(status), closed));
        }
        if left.is_zero() {
            return Ok((End::TimedOut, closed));
        }
    }
}

fn drain(mut reader: PipeReader, kept: &Mutex<Vec<u8>>, limit: usize) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let room = limit - kept.len();
        kept.extend_from_slice(&buffer[..count.min(room)]);
    }
}

/// A program and all that it starts. Ended as a whole when dropped.
struct Group {
    child: Box<dyn ChildWrapper>,
    ended: bool,
}

impl Group {
    fn spawn(command: Command) -> io::Result<Self> {
        let mut command = CommandWrap::from(command);
        #[cfg(unix)]
        command.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::std::JobObject);
        // The command is dropped here, and with it this side's end of the
        // pipe: otherwise it would never close.
        Ok(Group { child: command.spawn()?, ended: false })
    }

    /// Ends what is left of the group, and takes leave of the program.
    fn end(&mut self) {
        if !std::mem::replace(&mut self.ended, true) {
            // No such group: everything had ended by itself.
            let _ = self.child.start_kill();
            let _ = self.child.wait();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const LIMITS: Limits = Limits { time: Duration::from_secs(60), output: 1024 };

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_streams_are_kept_up_to_the_limit() {
        let done = run(sh("echo out; echo err >&2"), Keep::Both, LIMITS, &Cancel::new()).unwrap();
        assert_eq!(done.text(), "out\nerr\n");
        assert!(matches!(done.end, End::Exited(status) if status.success()));

        let much = sh("i=0; while [ $i -lt 1000 ]; do echo 0123456789; i=$((i+1)); done; exit 3");
        let done = run(much, Keep::Stdout, LIMITS, &Cancel::new()).unwrap();
        assert_eq!(done.output.len(), LIMITS.output);
        assert!(matches!(done.end, End::Exited(status) if status.code() == Some(3)));
    }

    /// A pipe with a name: opening it to read waits for the program, and it
    /// ends when nobody is left who could write to it.
    fn named_pipe(folder: &tempfile::TempDir) -> PathBuf {
        let path = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    #[test]
    fn cancelling_ends_the_program_and_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = named_pipe(&folder);
        let mut command = sh("exec 3>\"$PIPE\"; sleep 1000000 & echo up >&3; wait");
        command.env("PIPE", &pipe);
        let cancel = Cancel::new();
        let stop = cancel.clone();
        let running =
            std::thread::spawn(move || run(command, Keep::Both, LIMITS, &cancel).unwrap());
        let mut alive = std::fs::File::open(pipe).unwrap();
        alive.read_exact(&mut [0; 3]).unwrap();
        stop.cancel();
        assert_eq!(running.join().unwrap().end, End::Cancelled);
        assert_eq!(alive.read(&mut [0; 8]).unwrap(), 0, "waits for ever if anybody is left");
    }

    #[test]
    fn a_cancelled_token_starts_nothing() {
        let cancel = Cancel::new();
        cancel.cancel();
        let command = Command::new("/no/such/program");
        let done = run(command, Keep::Both, LIMITS, &cancel).unwrap();
        assert_eq!(done.end, End::Cancelled);
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended_with_its_children() {
        let limits = Limits { time: Duration::from_millis(50), ..LIMITS };
        let command = sh("sleep 1000000 & echo first; wait");
        let done = run(command, Keep::Both, limits, &Cancel::new()).unwrap();
        assert_eq!(done.end, End::TimedOut);
    }

    #[test]
    fn a_child_that_holds_the_output_does_not_hold_the_verdict() {
        let done = run(sh("sleep 1000000 & exit 7"), Keep::Both, LIMITS, &Cancel::new()).unwrap();
        assert!(matches!(done.end, End::Exited(status) if status.code() == Some(7)));
    }
}
