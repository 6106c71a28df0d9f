//! The record of the run that is under way on this thread.

use std::any::Any;
use std::cell::RefCell;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use record::{Diagnosis, Event, Fact, Kind, Outcome, Panic, Record};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::Instant;

use crate::reader::Reader;

/// Beyond this, events are counted and not kept. More than anybody reads, and
/// with the other limits little enough that a record has its place in the store
/// of a class, whatever an answer does.
const MAX_EVENTS: usize = 2_000;

/// Bytes of an event's label that are kept.
const LONGEST_LABEL: usize = 120;

/// Bytes of a fact or of a panic's message that are kept.
const LONGEST_FACT: usize = 2_000;

thread_local! {
    static CURRENT: RefCell<Option<Arc<Recorder>>> = const { RefCell::new(None) };
    static LAST_PANIC: RefCell<Option<Panic>> = const { RefCell::new(None) };
    static CAPTURED: RefCell<Option<Vec<Record>>> = const { RefCell::new(None) };
}

/// What a failed check panics with. The diagnosis itself is in the recorder.
pub(crate) struct Thrown;

/// Collects what happens in one test.
pub(crate) struct Recorder {
    state: Mutex<State>,
    real_start: std::time::Instant,
    reader: Reader,
}

#[derive(Default)]
struct State {
    test: String,
    /// Where virtual time began; none in a test without a paused runtime.
    start: Option<Instant>,
    now: Duration,
    events: Vec<Event>,
    omitted: u64,
    diagnosis: Option<Diagnosis>,
    context: Vec<Fact>,
    /// When the poll that is under way began, in real time.
    in_poll: Option<std::time::Instant>,
    /// When the latest poll began, in real time.
    last_poll: Option<std::time::Instant>,
    /// Polls since virtual time has moved.
    polls: usize,
    longest_poll: Duration,
    root_polled: bool,
}

impl Recorder {
    pub(crate) fn new() -> Arc<Self> {
        let thread = std::thread::current();
        let test = std::env::var("ASYNCLINGS_TEST")
            .unwrap_or_else(|_| thread.name().unwrap_or("test").to_owned());
        Arc::new(Recorder {
            state: Mutex::new(State { test, ..State::default() }),
            real_start: std::time::Instant::now(),
            reader: Reader::of_this_run(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Virtual time starts now, on the current runtime's clock.
    pub(crate) fn start_clock(&self) {
        self.state().start = Some(Instant::now());
    }

    /// Forgets the events so far, and lets virtual time begin again.
    pub(crate) fn start_over(&self) {
        let mut state = self.state();
        state.events.clear();
        state.omitted = 0;
        state.now = Duration::ZERO;
        state.start = state.start.map(|_| Instant::now());
    }

    pub(crate) fn event(&self, label: &str, kind: Kind) {
        let mut state = self.state();
        state.tick();
        // What unwinding drops is not news: the picture is of the moment in
        // which the check failed.
        if state.diagnosis.is_some() {
            return;
        }
        if state.events.len() == MAX_EVENTS {
            state.omitted += 1;
            return;
        }
        let at_us = state.now.as_micros() as u64;
        state.events.push(Event { at_us, label: brief(label, LONGEST_LABEL), kind });
    }

    /// Virtual time since the run began.
    pub(crate) fn now(&self) -> Duration {
        let mut state = self.state();
        state.tick();
        state.now
    }

    /// The first diagnosis is the one that counts: what follows is its echo.
    pub(crate) fn diagnose(&self, mut diagnosis: Diagnosis) {
        let mut state = self.state();
        state.tick();
        let mut facts = state.context.clone();
        facts.append(&mut diagnosis.facts);
        diagnosis.facts = facts;
        for value in diagnosis.facts.iter_mut().flat_map(|fact| fact.args.values_mut()) {
            *value = brief(value, LONGEST_FACT);
        }
        state.diagnosis.get_or_insert(diagnosis);
    }

    /// Facts that stand before those of every diagnosis made from now on.
    pub(crate) fn set_context(&self, facts: Vec<Fact>) {
        self.state().context = facts;
    }

    /// So many polls there have been since virtual time has moved, this one included.
    pub(crate) fn poll_begins(&self, polls: usize) {
        let mut state = self.state();
        state.tick();
        state.in_poll = Some(std::time::Instant::now());
        state.last_poll = state.in_poll;
        state.polls = polls;
        state.root_polled = true;
    }

    pub(crate) fn poll_ends(&self) {
        let mut state = self.state();
        let real = state.in_poll.take().map_or(Duration::ZERO, |began| began.elapsed());
        state.longest_poll = state.longest_poll.max(real);
    }

    /// When the poll that is under way began, in real time.
    pub(crate) fn poll_under_way(&self) -> Option<std::time::Instant> {
        self.state().in_poll
    }

    /// How many polls there have been since virtual time has moved, if they still
    /// come, one soon after the other.
    pub(crate) fn polls_on(&self) -> Option<usize> {
        const SOON: Duration = Duration::from_secs(1);
        const MANY: usize = 50;
        let state = self.state();
        let lately = state.last_poll.is_some_and(|began| began.elapsed() < SOON);
        (lately && state.polls >= MANY).then_some(state.polls)
    }

    /// Whether this process runs no other test.
    pub(crate) fn is_alone(&self) -> bool {
        !matches!(self.reader, Reader::Person)
    }

    /// Whether the thread itself stood still for at least `wait` of real time.
    /// Sleeping blocks for no less than was asked, so this never misses; a
    /// wait of some hundred milliseconds is long enough not to be imitated by
    /// a busy machine.
    pub(crate) fn stood_still(&self, wait: Duration) -> bool {
        let state = self.state();
        let real = match state.in_poll {
            Some(began) => state.longest_poll.max(began.elapsed()),
            None if state.root_polled => state.longest_poll,
            None => self.real_start.elapsed(),
        };
        real >= wait && wait > Duration::ZERO
    }

    /// Closes the record. `in_place` is the pitfall of a `block_in_place` that was
    /// refused.
    pub(crate) fn finish(&self, panic: Option<Panic>, in_place: &str) -> Record {
        let mut state = self.state();
        state.tick();
        let failed = panic.is_some() || state.diagnosis.is_some();
        let diagnosis =
            state.diagnosis.clone().or_else(|| panic.as_ref().and_then(|p| named(p, in_place)));
        Record {
            version: record::VERSION,
            test: state.test.clone(),
            outcome: if failed { Outcome::Failed } else { Outcome::Passed },
            panic: if diagnosis.is_some() { None } else { panic },
            diagnosis,
            end_us: state.now.as_micros() as u64,
            events: std::mem::take(&mut state.events),
            omitted: state.omitted,
        }
    }

    fn events(&self) -> Vec<Event> {
        self.state().events.clone()
    }
}

/// Panics by which executors and futures themselves refuse what has a name: to block
/// a thread that drives tasks, to take a task that must not change threads where it
/// might, to be polled after the end. As Tokio, futures and the compiler say it.
const REFUSED: [(&str, &str); 11] = [
    ("Cannot start a runtime from within a runtime", "nested-block-on"),
    ("Cannot block the current thread from within a runtime", "nested-block-on"),
    ("Cannot drop a runtime in a context where blocking is not allowed", "nested-block-on"),
    ("cannot execute `LocalPool` executor from within another executor", "nested-block-on"),
    ("`spawn_local` called from outside of a `task::LocalSet`", "spawn-local-outside-localset"),
    ("`async fn` resumed after completion", "repoll-after-ready"),
    // A JoinHandle, and most futures of futures and std.
    (" polled after completion", "repoll-after-ready"),
    (" polled again after completion", "repoll-after-ready"),
    ("must not be polled after it returned `Poll::Ready`", "repoll-after-ready"),
    ("MaybeDone polled after value taken", "repoll-after-ready"),
    ("must not be polled after it returned `Poll::Ready(None)`", "unfused-stream-repoll"),
];

/// As Tokio refuses `block_in_place`. What was to be done there, it does not know:
/// to block on a future, to compute, to read a file.
const IN_PLACE: &str = "can call blocking only when running on the multi-threaded runtime";

/// What a panic means, where that is plain. Also of a task whose owner says
/// `unwrap`: that panic quotes the task's own.
fn named(panic: &Panic, in_place: &str) -> Option<Diagnosis> {
    let mut refused = REFUSED.into_iter().chain([(IN_PLACE, in_place)]);
    let (_, pitfall) = refused.find(|(words, _)| panic.message.contains(*words))?;
    Some(Diagnosis {
        pitfall: Some(pitfall.to_owned()),
        location: panic.location.clone(),
        ..Diagnosis::default()
    })
}

/// A text, cut where it would flood what it stands in.
pub(crate) fn brief(text: &str, most: usize) -> String {
    match text.len() > most {
        true => format!("{}…", &text[..text.floor_char_boundary(most)]),
        false => text.to_owned(),
    }
}

impl State {
    /// Reads the virtual clock, where there is one: inside the paused runtime
    /// (which has one thread) and nowhere else.
    fn tick(&mut self) {
        let paused =
            Handle::try_current().is_ok_and(|h| h.runtime_flavor() == RuntimeFlavor::CurrentThread);
        if let (Some(start), true, None) = (self.start, paused, &self.diagnosis) {
            self.now = self.now.max(Instant::now().saturating_duration_since(start));
        }
    }
}

/// The recorder of the test on this thread.
pub(crate) fn current() -> Option<Arc<Recorder>> {
    CURRENT.with_borrow(Option::clone)
}

/// Runs `body` with `recorder` as the current one.
pub(crate) fn with_current(recorder: &Arc<Recorder>, body: impl FnOnce()) {
    struct Restore(Option<Arc<Recorder>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CURRENT.set(self.0.take());
        }
    }
    let _restore = Restore(CURRENT.replace(Some(recorder.clone())));
    body();
}

pub(crate) fn event(label: &str, kind: Kind) {
    if let Some(recorder) = current() {
        recorder.event(label, kind);
    }
}

/// The schedule so far, a line an event: `t=  1000 user Created`. Times are
/// milliseconds of virtual time.
///
/// For snapshots of a whole run. Empty outside [`run`](crate::run).
pub fn trace() -> String {
    let events = current().map(|r| r.events()).unwrap_or_default();
    let lines: Vec<String> = events
        .iter()
        .map(|e| format!("t={:>6} {} {:?}", e.at().as_millis(), e.label, e.kind))
        .collect();
    lines.join("\n")
}

/// Keeps the message of a panic for the record, and keeps the default report
/// quiet on threads that have one: the card says it better.
pub(crate) fn install_panic_hook() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if current().is_none() {
                return default(info);
            }
            if info.payload().is::<Thrown>() {
                return;
            }
            let message = brief(info.payload_as_str().unwrap_or("(no message)"), LONGEST_FACT);
            let location = info.location().map(ToString::to_string);
            LAST_PANIC.set(Some(Panic { message, location }));
        }));
    });
}

/// The words of the last panic on this thread.
pub(crate) fn last_panic() -> Option<String> {
    LAST_PANIC.with_borrow(|last| last.as_ref().map(|panic| panic.message.clone()))
}

/// The words of a panic, by what it carries; None if it carries something else.
pub fn panic_words(payload: &(dyn Any + Send)) -> Option<&str> {
    let words = payload.downcast_ref::<&str>().copied();
    words.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}

/// The panic behind a payload that `catch_unwind` returned.
pub(crate) fn panic_of(payload: &(dyn Any + Send)) -> Option<Panic> {
    if payload.is::<Thrown>() {
        return None;
    }
    let kept = LAST_PANIC.take();
    let message = panic_words(payload).map(|message| brief(message, LONGEST_FACT));
    // The hook kept the last panic; the one that ended the test may be older
    // and resumed. Then the message is right and the place is not known.
    match (kept, message) {
        (Some(kept), Some(message)) if kept.message == message => Some(kept),
        (_, Some(message)) => Some(Panic { message, location: None }),
        (kept, None) => kept.or(Some(Panic { message: "(no message)".into(), location: None })),
    }
}

/// Runs a test and returns its record, whether it passed or failed. For tests
/// of tests: nothing is reported and nothing panics.
///
/// ```
/// use kit::{blame, capture, run};
///
/// let record = capture(|| run(async { blame("busy-wake").now() }));
/// assert_eq!(record.diagnosis.unwrap().pitfall.as_deref(), Some("busy-wake"));
/// ```
///
/// # Panics
/// `test` does not call `run` or `run_sync` exactly once.
pub fn capture(test: impl FnOnce()) -> Record {
    let outer = CAPTURED.replace(Some(Vec::new()));
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(test));
    let mut records = CAPTURED.replace(outer).unwrap_or_default();
    assert_eq!(records.len(), 1, "a test is one call of run or run_sync");
    records.remove(0)
}

/// Hands the record to whoever started this test: to [`capture`], or to the
/// recorder's reader.
pub(crate) fn publish(recorder: &Recorder, record: &Record) {
    let captured = CAPTURED.with_borrow_mut(|c| c.as_mut().map(|c| c.push(record.clone())));
    if captured.is_some() {
        return;
    }
    match &recorder.reader {
        Reader::Checker(path) => write(path, &record.to_json()),
        Reader::Grader(path, secret) => write(path, &secret.seal(record)),
        Reader::Nobody => {}
        Reader::Person if record.outcome == Outcome::Failed => {
            let exercise = exercise_name();
            let demand = demand(&exercise, &record.test);
            let card = record::card::plain_and_alone(record, &exercise, demand.as_deref());
            eprintln!("\n{card}");
        }
        Reader::Person => {}
    }
}

/// A record that cannot be written is a failed test: the checker wants the
/// file, so there is nothing better to do than to say so.
fn write(path: &Path, text: &str) {
    if let Err(error) = std::fs::write(path, text) {
        eprintln!("asynclings: cannot write the record to {}: {error}", path.display());
    }
}

/// The exercise is what the test target is called: `gather_fetch-0123abcd`.
fn exercise_name() -> String {
    std::env::var("ASYNCLINGS_EXERCISE").unwrap_or_else(|_| {
        let exe = std::env::current_exe().unwrap_or_default();
        let stem = exe.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match stem.rsplit_once('-') {
            Some((name, hash)) if hash.chars().all(|c| c.is_ascii_hexdigit()) => name.to_owned(),
            _ => stem,
        }
    })
}

/// The sentence that says what a test wants, where the text is at hand.
fn demand(exercise: &str, test: &str) -> Option<String> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR")?;
    let read = |language: &str| {
        let file = std::path::Path::new(&root)
            .join("exercises/text")
            .join(language)
            .join(format!("{exercise}.toml"));
        std::fs::read_to_string(file).ok().map(|text| record::text::tests_table(&text))
    };
    let text = read(record::text::language()).or_else(|| read("en")).unwrap_or_default();
    let short = test.rsplit("::").next().unwrap_or(test);
    let demand = text.get(short)?;
    Some(record::text::sentence(&Fact::new("demand").with("demand", demand)))
}
