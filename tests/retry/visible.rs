//! What every learner sees: the third try works, and each reason to give up.

use std::any::Any;
use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Context;
use std::time::Duration;

use exercise::retry::{GaveUp, Policy, Retryable, Try, Why, retry};
use kit::{
    Blame, Lab, Span, alive_tasks, blame, lab, mock, ms, panic_words, plainly, secs, settled, span,
    start_over, until_ended,
};
use tokio::time::{Instant, sleep};

use Goes::{Breaks, Fails, Hangs, Works};

#[test]
fn the_third_try_works() {
    watched().run(async {
        // (from, to) of each try, in milliseconds: it fails twice, with pauses of
        // 500 ms and of 1 s.
        let tries = [(0, 300), (800, 1_000), (2_000, 2_100)];
        goes(&POLICY, &[Fails(300), Fails(200), Works(100)], &tries, (2_100, Ok(3))).await;
    });
}

#[test]
fn it_gives_up_for_a_reason() {
    watched().run(async {
        let tries = [(0, 300), (800, 1_000)];
        let end = gives_up(1_000, Why::Fatal, Some(2));
        goes(&POLICY, &[Fails(300), Breaks(200)], &tries, end).await;
        // The second one is cut off when it has taken 2 s.
        let policy = Policy { attempts: 3, ..POLICY };
        let tries = [(0, 300), (800, 2_800), (3_800, 3_900)];
        let end = gives_up(3_900, Why::Attempts, Some(3));
        goes(&policy, &[Fails(300), Hangs, Fails(100)], &tries, end).await;
        // In the middle of the second try.
        let policy = Policy { overall: ms(1_500), ..POLICY };
        let tries = [(0, 300), (800, 1_500)];
        goes(&policy, &[Fails(300), Hangs], &tries, gives_up(1_500, Why::Overall, Some(1))).await;
    });
}

pub const POLICY: Policy =
    Policy { attempts: 5, per_try: secs(2), overall: secs(60), base: ms(500), cap: secs(4) };

/// All tests: a poll that goes round and round never comes back.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake")
}

/// How a try goes, and after how many milliseconds.
#[derive(Clone, Copy, Debug)]
pub enum Goes {
    Works(u64),
    /// With an error that is temporary.
    Fails(u64),
    /// With one that is fatal.
    Breaks(u64),
    /// It waits for what does not come.
    Hangs,
    /// It fails at once, and took 20 ms of real time for it.
    FailsInRealTime,
}

/// An error, and the number of the try that has given it.
#[derive(Debug)]
pub struct Fault {
    of: u32,
    fatal: bool,
}

impl Retryable for Fault {
    fn is_temporary(&self) -> bool {
        !self.fatal
    }
}

/// The server that the tries ask. It goes by a script, whose last line goes for all
/// tries that come after it, and sees when each of them begins and is gone.
#[derive(Clone)]
pub struct Server {
    script: Arc<[Goes]>,
    begun: Instant,
    /// In milliseconds from then on. `u64::MAX`: it is still there.
    tries: Arc<Mutex<Vec<(u64, u64)>>>,
    /// How many have ended, and are still there.
    ended: Arc<AtomicUsize>,
    /// Whether its tries are bars in the timeline.
    shown: bool,
}

impl Server {
    pub fn of(script: &[Goes]) -> Self {
        Server {
            script: script.into(),
            begun: Instant::now(),
            tries: Arc::default(),
            ended: Arc::default(),
            shown: true,
        }
    }

    /// One for a test that asks why another one has failed.
    fn aside(script: &[Goes]) -> Self {
        Server { shown: false, ..Server::of(script) }
    }

    fn locked(&self) -> MutexGuard<'_, Vec<(u64, u64)>> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From when to when each try was there.
    pub fn tries(&self) -> Vec<(u64, u64)> {
        self.locked().clone()
    }

    /// How many of them are still there.
    pub fn live(&self) -> usize {
        self.locked().iter().filter(|(_, gone)| *gone == u64::MAX).count()
    }

    fn now(&self) -> u64 {
        self.begun.elapsed().as_millis() as u64
    }

    /// This is `op`.
    fn begins(&self, number: u32) -> Try<u32, Fault> {
        let (live, tries) = (self.live(), self.tries());
        let ended = self.ended.load(SeqCst);
        tries_left(live - ended, "attempt-overlap").unless(live == ended);
        still_alive(plainly(), ended).unless(ended == 0);
        let place = tries.len();
        if let Some((begun, gone)) = tries.last()
            && number as usize == place
            && self.unfinished(place - 1, gone - begun)
        {
            // The same one once more, and the first one was dropped at once.
            blame("subfuture-recreated").because("begun-again", &[("number", &number)]).now();
        }
        plainly()
            .because("try-number", &[("got", &number), ("expected", &(place + 1))])
            .unless(number as usize == place + 1);
        self.locked().push((self.now(), u64::MAX));
        let span = self.shown.then(|| span(format!("try {number}")));
        let mut life = Life { server: self.clone(), place, ended: false, _span: span };
        let line = self.line(place);
        let mut goes: Try<u32, Fault> = Box::pin(async move {
            match line {
                Works(time) | Fails(time) | Breaks(time) => sleep(ms(time)).await,
                Hangs => pending().await,
                Goes::FailsInRealTime => std::thread::sleep(ms(20)),
            }
            match line {
                Works(_) => Ok(number),
                _ => Err(Fault { of: number, fatal: matches!(line, Breaks(_)) }),
            }
        });
        // It is there until it is dropped, also when it has ended.
        Box::pin(poll_fn(move |cx| {
            let polled = goes.as_mut().poll(cx);
            life.ends(polled.is_ready());
            polled
        }))
    }

    fn line(&self, place: usize) -> Goes {
        self.script[place.min(self.script.len() - 1)]
    }

    /// Whether a try that was there for so long was dropped at the moment when it had
    /// begun, and was not ready then.
    fn unfinished(&self, place: usize, time: u64) -> bool {
        time == 0 && matches!(self.line(place), Works(1..) | Fails(1..) | Breaks(1..) | Hangs)
    }
}

/// As long as this lives, the try is there.
struct Life {
    server: Server,
    place: usize,
    ended: bool,
    _span: Option<Span>,
}

impl Life {
    fn ends(&mut self, ready: bool) {
        if ready && !self.ended {
            self.ended = true;
            self.server.ended.fetch_add(1, SeqCst);
        }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        let now = self.server.now();
        self.server.locked()[self.place].1 = now;
        self.server.ended.fetch_sub(usize::from(self.ended), SeqCst);
    }
}

/// A right answer is polled a few times for each thing that happens.
const POLLS: usize = 10_000;

/// What `retry` gives.
pub type Answer = Result<u32, GaveUp<Fault>>;

/// A retry under way: Send, so that it can be spawned.
pub type Task<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// The only call of the answer, so that it is compiled once.
pub fn retrying<'a>(policy: &'a Policy, server: &Server) -> Task<'a> {
    let (server, mut calls) = (server.clone(), Vec::new());
    let op = move |number| {
        calls.push(number); // so it is an FnMut, and not an Fn
        server.begins(number)
    };
    Box::pin(retry(policy, op)) // gate: non-send-across-await
}

/// What it gives, and when; None if it waits for ever.
async fn ended(mut task: Task<'_>, server: &Server) -> Option<(Answer, Duration)> {
    let whole = server.shown.then(|| span("retry"));
    let poll = |cx: &mut Context<'_>| {
        catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(cx))).unwrap_or_else(|panic| {
            if let Some(message) = too_far(&*panic, server.tries().len()) {
                blame("backoff-overflow")
                    .because("panicked", &[("who", &"retry"), ("message", &message)])
                    .now();
            }
            resume_unwind(panic)
        })
    };
    let ended = until_ended("retry", POLLS, |_| "busy-wake", poll).await;
    drop(whole);
    ended
}

/// The words of a panic, if it is about a number that has become too large. After so
/// many tries that is what anything is about.
fn too_far(panic: &(dyn Any + Send), tries: usize) -> Option<&str> {
    let words = panic_words(panic)?;
    let parts = ["multiply with overflow", "shift left with overflow", "multiplying duration"];
    (tries >= MANY || parts.iter().any(|part| words.contains(part))).then_some(words)
}

/// So many tries take the pause far beyond every cap in these tests.
const MANY: usize = 20;

/// A result, or else why there is none, how many tries there were, and the number of
/// the one that has given the latest error.
pub type Ends = Result<u32, (Why, u32, Option<u32>)>;

/// What is to come of it, and when. As many tries have begun as there are to be.
pub type End = (u64, Ends);

pub fn gives_up(at: u64, why: Why, last: Option<u32>) -> End {
    (at, Err((why, 0, last)))
}

/// What an answer says, in the words of these tests.
pub fn told(answer: Answer) -> Ends {
    answer.map_err(|gave_up| (gave_up.why, gave_up.tries, gave_up.last.map(|fault| fault.of)))
}

/// What came of it.
struct Told {
    tries: Vec<(u64, u64)>,
    end: End,
    /// Tries and tasks that were still there when it returned.
    live: usize,
    tasks: usize,
}

/// Lets it run. None if it waits for ever.
async fn run(policy: &Policy, server: &Server) -> Option<Told> {
    let (answer, time) = ended(retrying(policy, server), server).await?;
    Some(Told {
        tries: server.tries(),
        end: (time.as_millis() as u64, told(answer)),
        live: server.live(),
        tasks: alive_tasks(),
    })
}

/// Checks from when to when each try is there, what comes of it, and when.
pub async fn goes(policy: &Policy, script: &[Goes], tries: &[(u64, u64)], end: End) {
    no_thread_sleeps().await;
    start_over();
    let server = Server::of(script);
    let Some(got) = run(policy, &server).await else { why_endless(script).await.now() };
    let end = (end.0, end.1.map_err(|(why, _, last)| (why, tries.len() as u32, last)));
    let same = got.tries.iter().zip(tries).take_while(|(got, wanted)| got == wanted).count();
    // All is well but for the last try, which is there for longer than `retry` itself.
    let left = got.end == end
        && got.live == 1
        && got.tries.len() == tries.len()
        && same + 1 == tries.len()
        && got.tries[same].0 == tries[same].0;
    if !left && (got.tries != tries || got.end != end) {
        let why = why_differs(policy, &got, tries, end, same).await;
        let (got, wanted) = (in_words(&got.tries, got.end, same), in_words(tries, end, same));
        // Once more, for the picture.
        start_over();
        let _ = run(policy, &Server::of(script)).await;
        why.because("tries-differ", &[("got", &got), ("expected", &wanted)]).now();
    }
    nothing_left(&server).await;
    if left {
        // Dropped after all, but not by then.
        nothing_overlaps().await;
        tries_left(got.live, "joinset-drop-unawaited").now();
    }
}

fn tries_left(live: usize, pitfall: &str) -> Blame {
    still_alive(blame(pitfall), live)
}

fn still_alive(check: Blame, live: usize) -> Blame {
    check.because("still-alive", &[("count", &live), ("what", &"tries"), ("expected", &0)])
}

/// Fails if a try or a task has been left behind.
pub async fn nothing_left(server: &Server) {
    // Time for the runtime to drop what was aborted, and for nothing else.
    sleep(ms(1)).await;
    let (live, tasks) = (server.live(), alive_tasks());
    if live > 0 || tasks > 0 {
        nothing_overlaps().await;
        let pitfall = if tasks > 0 { "dropped-handle-detaches" } else { "loser-kept-alive" };
        tries_left(live, pitfall)
            .because("tasks-alive", &[("count", &tasks), ("expected", &0)])
            .now();
    }
}

/// The tries around the first that differs, and the end, in words.
fn in_words(tries: &[(u64, u64)], (at, end): End, first: usize) -> String {
    let secs = |ms: u64| format!("{}s", ms as f64 / 1_000.0);
    let from = first.saturating_sub(1);
    let mut words = Vec::new();
    if from > 0 {
        words.push("…".to_owned());
    }
    for (place, (begun, gone)) in tries.iter().enumerate().skip(from).take(4) {
        let gone = if *gone == u64::MAX { "…".to_owned() } else { secs(*gone) };
        words.push(format!("try {} {} to {gone}", place + 1, secs(*begun)));
    }
    if tries.len() > from + 4 {
        words.push("…".to_owned());
    }
    words.push(match end {
        Ok(value) => format!("at {} Ok({value})", secs(at)),
        Err((why, tries, last)) => {
            let last = last.map_or("None".to_owned(), |of| format!("of try {of}"));
            format!("at {} Err({why:?}, tries {tries}, last {last})", secs(at))
        }
    });
    words.join(", ")
}

// --- Why something went wrong

/// A long time, compared with all others here.
const LONG: Duration = secs(3_600);

/// Why the tries, or the end, are not as they should be. The first so many tries are
/// the same.
async fn why_differs(
    policy: &Policy,
    got: &Told,
    tries: &[(u64, u64)],
    end: End,
    same: usize,
) -> Blame {
    let is_overall = |end: &End| matches!(end.1, Err((Why::Overall, ..)));
    let by_overall = is_overall(&end);
    match (got.tries.get(same), tries.get(same)) {
        // It begins at another moment: what about the pause before it?
        (Some((begun, _)), Some((due, _))) if begun != due => {
            let Some((from, to)) = same.checked_sub(1).map(|place| tries[place]) else {
                return plainly();
            };
            let (pause, wanted) = (ms(begun.saturating_sub(to)), ms(due - to));
            if pause > policy.cap.max(wanted) || (pause < wanted && same >= MANY) {
                return blame("backoff-overflow");
            }
            // The try and the pause as one?
            let both = ms(begun.saturating_sub(from)) == policy.per_try;
            if both && !pause.is_zero() { blame("timeout-wrong-scope") } else { plainly() }
        }
        // It is there for longer.
        (Some((_, gone)), Some((_, over))) if gone > over => {
            // Was it cut off and kept? Then all else has gone on meanwhile.
            let goes_on = match tries.get(same + 1) {
                Some(wanted) => got.tries.get(same + 1).is_some_and(|next| next.0 == wanted.0),
                None => got.tries.len() == tries.len() && got.end.0 == end.0,
            };
            if goes_on {
                nothing_overlaps().await;
                let is_task = got.tasks > 0 && *gone == u64::MAX;
                return blame(if is_task { "dropped-handle-detaches" } else { "loser-kept-alive" });
            }
            if by_overall && *over == end.0 { why_late().await } else { why_uncut().await }
        }
        // It is cut off too early.
        (Some(_), Some(_)) => blame("timeout-wrong-scope"),
        // One too many, or one too few.
        (Some(_), None) if by_overall => why_late().await,
        (None, Some(_)) if is_overall(&got.end) => blame("timeout-wrong-scope"),
        // All tries are as they should be, and then it sleeps on.
        (None, None) if got.end.0 > end.0 && by_overall => why_late().await,
        (None, None) if got.end.0 > end.0 => blame("backoff-overflow"),
        _ => plainly(),
    }
}

/// Fails if a pause is a sleep of a thread: then real time goes by, and no virtual time.
pub async fn no_thread_sleeps() {
    let policy = Policy { attempts: 2, base: ms(300), ..POLICY };
    let real = std::time::Instant::now();
    let got = run(&policy, &Server::aside(&[Fails(0)])).await;
    // Without any virtual time it is wrong. The real time only tells how.
    if got.is_some_and(|got| got.end.0 == 0) && real.elapsed() >= ms(300) {
        blame("blocking-sleep").because("thread-blocked", &[]).now();
    }
}

/// Fails if the next try begins while one that was cut off is still there.
async fn nothing_overlaps() {
    let none = Duration::ZERO;
    let policy = Policy { attempts: 2, base: none, cap: none, ..POLICY };
    // The server sees it.
    start_over();
    let _ = run(&policy, &Server::of(&[Hangs, Fails(0)])).await;
}

/// Why the overall time did not end it when it was up.
async fn why_late() -> Blame {
    // Some real time goes by, and no virtual time at all. Whoever measures the one
    // where the other is meant says that the time is up.
    let (none, attempts) = (Duration::ZERO, 3);
    let policy = Policy { attempts, per_try: LONG, overall: ms(10), base: none, cap: none };
    if ends_at(&policy, &[Goes::FailsInRealTime, Fails(0)], 0).await {
        return blame("std-instant-under-virtual-clock");
    }
    // Does it know of that time, but let it begin anew in each turn?
    let policy = Policy { overall: secs(10), base: secs(1), ..policy };
    if ends_at(&policy, &[Hangs], 10_000).await && !ends_at(&policy, &[Fails(6_000)], 10_000).await
    {
        return blame("timer-recreated-in-loop");
    }
    blame("timeout-wrong-scope")
}

/// Whether it gives up at this moment because the overall time is up.
async fn ends_at(policy: &Policy, script: &[Goes], at: u64) -> bool {
    let got = run(policy, &Server::aside(script)).await;
    got.is_some_and(|got| got.end.0 == at && matches!(got.end.1, Err((Why::Overall, ..))))
}

/// Why it has not ended at all.
async fn why_endless(script: &[Goes]) -> Blame {
    let hangs = script.iter().any(|line| matches!(line, Hangs));
    let check = if hangs { why_uncut().await } else { blame("pending-without-waker") };
    check.because("deadline", &[("limit", &"12h")])
}

/// Why a try was not cut off when its time was up.
async fn why_uncut() -> Blame {
    let policy = Policy { attempts: 1, per_try: secs(1), overall: LONG, ..POLICY };
    let server = Server::aside(&[Hangs]);
    let mut task = mock("retry", retrying(&policy, &server));
    let _ = settled(&mut task, 10).await;
    sleep(secs(5)).await;
    let woken = task.is_woken();
    let _ = settled(&mut task, 10).await;
    if server.live() == 0 {
        // Does it know by itself, or only when it is asked?
        return blame(if woken { "timeout-wrong-scope" } else { "pending-without-waker" });
    }
    // A time that is up at once needs no wake: so is there any clock at all?
    let server = Server::aside(&[Hangs]);
    let policy = Policy { per_try: Duration::ZERO, ..policy };
    let mut task = mock("retry", retrying(&policy, &server));
    let _ = settled(&mut task, 10).await;
    blame(if server.live() == 0 { "subfuture-recreated" } else { "timeout-wrong-scope" })
}
