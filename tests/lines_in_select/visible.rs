//! What every learner sees: whole lines, and ticks between them.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt::Display;
use std::future::{Future, pending};
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use exercise::lines_in_select::{Event, LineReader, pump};
use kit::{
    Blame, Lab, Mock, Token, blame, lab, mock, ms, note, panic_words, plainly, secs, span,
    until_ended,
};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

#[test]
fn lines_come_whole_and_then_none() {
    watched().run(async {
        let pieces = [(0, "one\n  tw"), (0, "o  \n\nth"), (500, "r"), (900, "ee\n four")];
        let mut lines = LineReader::new(Wire::of(&pieces));
        let times = all_lines(&mut lines, &["one", "  two  ", "", "three", " four"]).await;
        // Each as soon as it is there.
        plainly().unless_eq(times, [0, 0, 0, 900, 900].map(ms));
        for _ in 0..3 {
            blame("eof-spin").unless_eq(next(&mut lines).await, Ok(None));
        }
    });
}

#[test]
fn ticks_come_between_the_lines() {
    watched().run(async {
        let pieces = [(1_000, "hel"), (3_000, "lo\n"), (5_000, "world\n"), (7_000, "")];
        let script = [(2_000, Step::Tick), (4_000, Step::Tick), (6_000, Step::Tick)];
        let got = pumped(Wire::of(&pieces), &script).await;
        plainly().unless_eq((got.result, got.time), (Ok(()), secs(7)));
        came(&got.events, &["tick", "hello", "tick", "world", "tick"], plainly());
        // Each of them when it came, and not when the other one had news.
        let times = [2, 3, 4, 5, 6].map(secs);
        if got.times != times {
            blame(why_late()).unless_eq(got.times, times);
        }
    });
}

/// All tests: a poll that goes round and round never comes back.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake")
}

/// Bytes, and the moments at which they come.
pub type Pieces = [(u64, &'static str)];

/// A reader whose bytes come in pieces, each at its moment, in milliseconds from
/// now on. After the last piece comes the end.
pub struct Wire {
    begun: Instant,
    pieces: VecDeque<(u64, Vec<u8>)>,
    /// How it ends, if not well.
    fails: Option<ErrorKind>,
    sleep: Option<Pin<Box<Sleep>>>,
    /// How often the end was read.
    ends: usize,
    /// How many pieces were read.
    pub read: Arc<AtomicUsize>,
    _token: Option<Token>,
}

impl Wire {
    pub fn of(pieces: &Pieces) -> Self {
        Wire::of_bytes(pieces.iter().map(|(moment, piece)| (*moment, piece.as_bytes())))
    }

    pub fn of_bytes<'a>(pieces: impl Iterator<Item = (u64, &'a [u8])>) -> Self {
        let pieces = pieces.map(|(moment, piece)| (moment, piece.to_vec())).collect();
        Wire {
            begun: Instant::now(),
            pieces,
            fails: None,
            sleep: None,
            ends: 0,
            read: Arc::default(),
            _token: None,
        }
    }

    pub fn that_fails(self, kind: ErrorKind) -> Self {
        Wire { fails: Some(kind), ..self }
    }

    pub fn with(self, token: Token) -> Self {
        Wire { _token: Some(token), ..self }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let me = &mut *self;
        let Some((moment, piece)) = me.pieces.front_mut() else {
            me.ends += 1;
            // Once would do. But it is asked again by whoever is asked again.
            blame("eof-spin")
                .because("read-after-the-end", &[("count", &(me.ends - 1))])
                .unless(me.ends <= 20);
            return Poll::Ready(me.fails.map_or(Ok(()), |kind| Err(kind.into())));
        };
        let due = me.begun + ms(*moment);
        if Instant::now() < due {
            let sleep = me.sleep.get_or_insert_with(|| Box::pin(sleep_until(due)));
            ready!(sleep.as_mut().poll(cx));
        }
        let fits = piece.len().min(buf.remaining());
        let bytes: Vec<u8> = piece.drain(..fits).collect();
        buf.put_slice(&bytes);
        if piece.is_empty() {
            let shown = &bytes[..bytes.len().min(40)];
            note(format!("read {:?}", String::from_utf8_lossy(shown)));
            me.pieces.pop_front();
            me.read.fetch_add(1, SeqCst);
            me.sleep = None;
        }
        Poll::Ready(Ok(()))
    }
}

/// A right answer is polled a few times for each thing that happens.
const POLLS: usize = 3_000;

/// A future of the answer, boxed, so that little is compiled anew for each.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What it gives, and when; None if it waits for ever. From `closed` on there are no
/// more ticks.
pub async fn ended<T>(
    who: &str,
    closed: Option<Duration>,
    mut task: Task<'_, T>,
) -> Option<(T, Duration)> {
    let _span = span(who);
    let spins = |time| {
        let is_closed = closed.is_some_and(|closed| time >= closed);
        if is_closed { "completed-future-in-select-loop" } else { "busy-wake" }
    };
    let poll = |cx: &mut Context<'_>| {
        catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(cx))).unwrap_or_else(|panic| {
            if let Some((pitfall, words)) = meant(&*panic)
                && (pitfall != "select-guard-evaluated" || guard_is_evaluated())
            {
                let facts: [(&str, &dyn Display); 2] = [("who", &who), ("message", &words)];
                blame(pitfall).because("panicked", &facts).now();
            }
            resume_unwind(panic)
        })
    };
    until_ended(who, POLLS, spins, poll).await
}

/// What a panic means, where that is plain, and its words.
fn meant(panic: &(dyn Any + Send)) -> Option<(&'static str, &str)> {
    let words = panic_words(panic)?;
    let known = [
        // The option behind an `if option.is_some()`.
        ("`Option::unwrap()` on a `None`", "select-guard-evaluated"),
        ("resumed after completion", "completed-future-in-select-loop"),
        ("Utf8Error", "short-read-assumed"),
    ];
    let (_, pitfall) = known.iter().find(|(part, _)| words.contains(part))?;
    Some((pitfall, words))
}

// --- LineReader

/// The next line; of an error its kind.
pub async fn next(lines: &mut LineReader<Wire>) -> Result<Option<String>, ErrorKind> {
    match ended("next_line", None, Box::pin(lines.next_line())).await {
        Some((line, _)) => line.map_err(|error| error.kind()),
        None => blame("pending-without-waker").because("deadline", &[("limit", &"12h")]).now(),
    }
}

/// Checks all lines that there still are, and tells when they came.
pub async fn all_lines(lines: &mut LineReader<Wire>, wanted: &[&str]) -> Vec<Duration> {
    let begun = Instant::now();
    let (mut got, mut times) = (Vec::new(), Vec::new());
    while let Ok(Some(line)) = next(lines).await {
        got.push(line);
        times.push(begun.elapsed());
        if got.len() > wanted.len() + 3 {
            break;
        }
    }
    are_whole(&got, wanted);
    times
}

/// Checks lines that were never dropped half-way.
pub fn are_whole(got: &[String], wanted: &[&str]) {
    if got == wanted {
        return;
    }
    let last = got.last().map(String::as_str);
    if got.len() > wanted.len() && got[..wanted.len()] == *wanted && last == Some("") {
        // The end taken for an empty line.
        blame("eof-spin").unless_eq(got, wanted);
    }
    if let [first, second, ..] = got
        && !first.is_empty()
        && second.len() > first.len()
        && second.starts_with(first.as_str())
    {
        blame("line-buffer-not-cleared").unless_eq(got, wanted);
    }
    // Cut where a piece ended; or what stood behind a line in one piece is gone.
    if got.len() != wanted.len() || got.iter().any(|line| line.contains('\u{FFFD}')) {
        blame("short-read-assumed").unless_eq(got, wanted);
    }
    plainly().unless_eq(got, wanted);
}

// --- pump

/// What happens to the ticks.
#[derive(Clone, Copy, PartialEq)]
pub enum Step {
    Tick,
    /// The last sender goes.
    NoMore,
}

/// What happens when, in milliseconds.
pub type Script = [(u64, Step)];

/// Lets it happen, in a task of its own.
async fn play(script: Vec<(u64, Step)>, ticks: mpsc::Sender<()>) {
    let begun = Instant::now();
    let mut ticks = Some(ticks);
    for (moment, step) in script {
        sleep_until(begun + ms(moment)).await;
        match step {
            Step::Tick => plainly().unless(ticks.iter().all(|to| to.try_send(()).is_ok())),
            Step::NoMore => ticks = None,
        }
        note(if step == Step::Tick { "a tick" } else { "no more ticks" });
    }
    pending().await
}

/// The ticks of this script.
pub fn ticking(script: &Script) -> (mpsc::Receiver<()>, JoinHandle<()>) {
    let (to, ticks) = mpsc::channel(100);
    (ticks, tokio::spawn(play(script.to_vec(), to)))
}

/// Events, and when they came. A line by its text, a tick as "tick".
pub type Taken = (Vec<String>, Vec<Duration>);

/// Takes all events, with a rest after each.
async fn take_all(mut events: mpsc::Receiver<Event>, rest: Duration) -> Taken {
    let begun = Instant::now();
    let (mut taken, mut times) = (Vec::new(), Vec::new());
    while let Some(event) = events.recv().await {
        taken.push(match event {
            Event::Line(line) => line,
            Event::Tick => "tick".to_owned(),
        });
        times.push(begun.elapsed());
        sleep(rest).await;
    }
    (taken, times)
}

/// Somebody who takes all events, with a rest after each. There are so many places.
pub fn taking(places: usize, rest: Duration) -> (mpsc::Sender<Event>, JoinHandle<Taken>) {
    let (out, events) = mpsc::channel(places);
    (out, tokio::spawn(take_all(events, rest)))
}

pub type Outcome = Result<(), ErrorKind>;

/// How a pump ended, and when.
pub async fn run_pump(
    lines: &mut LineReader<Wire>,
    ticks: &mut mpsc::Receiver<()>,
    out: &mpsc::Sender<Event>,
    closed: Option<Duration>,
) -> (Outcome, Duration) {
    match ended("pump", closed, Box::pin(pump(lines, ticks, out))).await {
        Some((result, time)) => (result.map_err(|error| error.kind()), time),
        None => why_endless(out).because("deadline", &[("limit", &"12h")]).now(),
    }
}

/// A pump to be polled by hand, with two lines that are there, or one that never
/// comes; its ticks, and its way out.
fn probe(there: bool, check: impl FnOnce(&mut Probe<'_>, mpsc::Sender<()>, Out<'_>)) {
    let (to, mut ticks) = mpsc::channel(4);
    let (out, events) = mpsc::channel(4);
    let pieces: &Pieces = if there { &[(0, "one\ntwo\n")] } else { &[(80_000_000, "one\n")] };
    let mut lines = LineReader::new(Wire::of(pieces));
    let task: Task<_> = Box::pin(pump(&mut lines, &mut ticks, &out));
    check(&mut mock("pump", task), to, (&out, &events));
}

type Out<'a> = (&'a mpsc::Sender<Event>, &'a mpsc::Receiver<Event>);

type Probe<'a> = Mock<Task<'a, io::Result<()>>>;

/// Why it waits for ever, although everything has come.
fn why_endless(out: &mpsc::Sender<Event>) -> Blame {
    if out.capacity() == 0 {
        return plainly(); // it waits for a place that it holds itself
    }
    let mut why = blame("pending-without-waker");
    probe(true, |pump, _ticks, (_, events)| {
        let ended = (0..10).any(|_| pump.poll().is_ready());
        if !ended {
            // One line, and no other before a tick? Or both, and then nothing?
            let over = plainly().because("not-ended", &[("who", &"pump")]);
            why = if events.len() == 1 { blame("sequential-awaits") } else { over };
        }
    });
    why
}

/// Why something has come out later than it could.
fn why_late() -> &'static str {
    let mut woken = false;
    probe(false, |pump, ticks, _| {
        let _ = pump.poll();
        let _ = ticks.try_send(());
        woken = pump.is_woken();
    });
    // It heard the tick, and had it wait for a line? Or did it not listen?
    if woken { "sequential-awaits" } else { "skipped-registration" }
}

/// It has unwrapped a None. Was that the tick, as soon as there was none? Or the option
/// before an `if`, in the turn after that? For another turn it needs another place.
fn guard_is_evaluated() -> bool {
    let mut survived = true;
    probe(false, |pump, ticks, (out, _)| {
        let _ = pump.poll();
        // All places are taken now, and somebody else has asked for the next one.
        let mut others: Vec<_> = (0..out.max_capacity())
            .map(|_| mock("place", Box::pin(out.reserve()) as Pin<Box<dyn Future<Output = _>>>))
            .collect();
        let _places: Vec<_> = others.iter_mut().map(|other| other.poll()).collect();
        drop(ticks);
        survived = catch_unwind(AssertUnwindSafe(|| pump.poll().is_ready())).is_ok();
    });
    survived
}

/// How it ended, when, and what has come out by then.
pub struct Pumped {
    pub result: Outcome,
    pub time: Duration,
    pub events: Vec<String>,
    /// When each of them came.
    pub times: Vec<Duration>,
}

/// Pumps all that comes, with room enough.
pub async fn pumped(wire: Wire, script: &Script) -> Pumped {
    let mut lines = LineReader::new(wire);
    let (mut ticks, player) = ticking(script);
    let (out, taker) = taking(10, Duration::ZERO);
    let closed = script.iter().find(|(_, step)| *step == Step::NoMore);
    let closed = closed.map(|(moment, _)| ms(*moment));
    let (result, time) = run_pump(&mut lines, &mut ticks, &out, closed).await;
    drop(out);
    player.abort();
    let (events, times) = taker.await.unwrap_or_default();
    Pumped { result, time, events, times }
}

/// Checks what has come out. That something is missing means `missing`.
pub fn came(got: &[String], wanted: &[&str], missing: Blame) {
    if got == wanted {
        return;
    }
    let length = |events: &mut dyn Iterator<Item = &str>| events.map(str::len).sum::<usize>();
    let left = length(&mut got.iter().map(String::as_str));
    let all = length(&mut wanted.iter().copied());
    // A line without its beginning: a tick came in the middle.
    let half = |line: &String| {
        let rest_of = |whole: &&str| whole.len() > line.len() && whole.ends_with(line.as_str());
        !line.is_empty() && !wanted.contains(&line.as_str()) && wanted.iter().any(rest_of)
    };
    if left < all && got.iter().any(half) {
        blame("cancel-loses-partial-read").unless_eq(got, wanted);
    }
    if got.len() > wanted.len() && got.last().is_some_and(|line| line.is_empty()) {
        blame("eof-spin").unless_eq(got, wanted);
    }
    if left == all && got.len() > wanted.len() {
        // Cut where a piece ended.
        blame("short-read-assumed").unless_eq(got, wanted);
    }
    if got.len() < wanted.len() {
        missing.unless_eq(got, wanted);
    }
    let mut sorted = got.to_vec();
    let mut all: Vec<_> = wanted.iter().map(|event| event.to_string()).collect();
    sorted.sort();
    all.sort();
    // All of them, but one had to wait for the turn of another.
    let check = if sorted == all { blame("sequential-awaits") } else { plainly() };
    check.unless_eq(got, wanted);
}
