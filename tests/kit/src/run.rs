//! Running a test: the clock, the deadline, the poll cap, the record.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use record::timeline::seconds;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

use crate::probe::Probe;
use crate::recorder::{self, Recorder, Thrown};
use crate::watchdog::{self, Means};
use crate::{blame, in_time, plainly};

/// Far beyond any wait in an exercise, and free: on a paused clock a future
/// that nobody will wake is there at once.
const VIRTUAL_DEADLINE: Duration = Duration::from_secs(24 * 3600);

/// Polls of one test while the clock stands still. The largest right answer
/// needs some thousands.
const POLL_CAP: usize = 20_000;

/// Runs a test on a virtual clock, with a virtual deadline, and writes its record.
///
/// The same as `lab().run(body)`.
pub fn run<F: Future<Output = ()>>(body: F) {
    lab().run(body);
}

/// Runs a test that has no runtime, and writes its record.
///
/// The same as `lab().run_sync(body)`.
pub fn run_sync<F: FnOnce()>(body: F) {
    lab().run_sync(body);
}

/// Settings for a run, with names for the ways in which it may not end.
pub fn lab() -> Lab {
    Lab {
        hang: None,
        spin: "busy-wake",
        stuck: None,
        wait: None,
        in_place: "nested-block-on",
        alone: false,
    }
}

/// How a test is run.
#[must_use = "end with run or run_sync"]
#[derive(Clone, Copy, Debug)]
pub struct Lab {
    hang: Option<&'static str>,
    spin: &'static str,
    stuck: Option<&'static str>,
    wait: Option<&'static str>,
    in_place: &'static str,
    alone: bool,
}

impl Lab {
    /// The pitfall when nothing is left that could wake the future.
    pub fn hang_means(mut self, pitfall: &'static str) -> Self {
        self.hang = Some(pitfall);
        self
    }

    /// The pitfall when it is polled without end while no time passes, and when a
    /// test that is [`alone`](Lab::alone) computes without end. Without this:
    /// `busy-wake`.
    pub fn spin_means(mut self, pitfall: &'static str) -> Self {
        self.spin = pitfall;
        self
    }

    /// The pitfall when the thread itself never comes back.
    pub fn stuck_means(mut self, pitfall: &'static str) -> Self {
        self.stuck = Some(pitfall);
        self
    }

    /// The pitfall when it does not come back because it waits, as all threads do,
    /// for what cannot come. Without this, and where the system does not tell what
    /// threads do: that of [`stuck_means`](Lab::stuck_means).
    pub fn wait_means(mut self, pitfall: &'static str) -> Self {
        self.wait = Some(pitfall);
        self
    }

    /// The pitfall when it calls `block_in_place`, which a runtime of one thread
    /// refuses. Without this: `nested-block-on`, as it is used to block on a future.
    pub fn in_place_means(mut self, pitfall: &'static str) -> Self {
        self.in_place = pitfall;
        self
    }

    /// For [`run_sync`](Lab::run_sync): the answer is the event loop itself, and no
    /// other thread has a hand in the test. So there is nothing to sleep for. Who
    /// does (`blocking-sleep`), or computes for a second (see
    /// [`spin_means`](Lab::spin_means)), hears of it at once and not after all the
    /// time that a test may take.
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// Runs an async test on a paused clock of its own.
    pub fn run<F: Future<Output = ()>>(self, body: F) {
        // Erased here, once per test, so that all the rest is compiled once,
        // with the kit, and not with every answer.
        self.run_boxed(Box::pin(body));
    }

    /// Runs a test without a runtime.
    pub fn run_sync<F: FnOnce()>(self, body: F) {
        let mut body = Some(body);
        let probe = self.alone.then(Probe::of_a_whole_test).flatten();
        self.session(probe, &mut |_| {
            if let Some(body) = body.take() {
                body();
            }
        });
    }

    fn run_boxed<'a>(self, body: Pin<Box<dyn Future<Output = ()> + 'a>>) {
        let mut body = Some(body);
        self.session(Probe::of_this_thread(), &mut |recorder| {
            let Some(body) = body.take() else { return };
            let runtime = new_runtime();
            let whole = async {
                recorder.start_clock();
                let watched = Watched { body, lab: self, recorder, polls: 0, at: None };
                if !in_time::ends(VIRTUAL_DEADLINE, Box::pin(watched)).await {
                    let limit = seconds(VIRTUAL_DEADLINE);
                    self.hung().because("deadline", &[("limit", &limit)]).now();
                }
            };
            let result = catch_unwind(AssertUnwindSafe(|| runtime.block_on(whole)));
            // Not a plain drop, which would wait for a blocking job that an
            // answer has left behind.
            runtime.shutdown_background();
            if let Err(payload) = result {
                std::panic::resume_unwind(payload);
            }
        });
    }

    fn hung(self) -> crate::Blame {
        self.hang.map_or_else(plainly, blame)
    }

    fn session(self, probe: Option<Probe>, body: &mut dyn FnMut(&Arc<Recorder>)) {
        recorder::install_panic_hook();
        let recorder = Recorder::new();
        let means = Means { stuck: self.stuck, wait: self.wait.or(self.stuck), spin: self.spin };
        let guard = watchdog::watch(&recorder, means, probe);
        let mut outcome = Ok(());
        recorder::with_current(&recorder, || {
            outcome = catch_unwind(AssertUnwindSafe(|| body(&recorder)));
        });
        drop(guard);
        let panic = outcome.as_ref().err().and_then(|p| recorder::panic_of(p.as_ref()));
        let record = recorder.finish(panic, self.in_place);
        recorder::publish(&recorder, &record);
        match outcome {
            Err(payload) => std::panic::resume_unwind(payload),
            // A check failed inside a task, and the task's owner kept quiet.
            Ok(()) if record.diagnosis.is_some() => std::panic::resume_unwind(Box::new(Thrown)),
            Ok(()) => {}
        }
    }
}

/// A runtime of one thread whose clock is virtual, for answers that call
/// `block_on` themselves. The record's clock starts here.
pub fn paused_runtime() -> Runtime {
    let runtime = new_runtime();
    if let Some(recorder) = recorder::current() {
        let _inside = runtime.enter();
        recorder.start_clock();
    }
    runtime
}

/// Runs `future` to its end on `runtime`: [`Runtime::block_on`], compiled once,
/// with the kit, and not with every answer for each future.
pub fn drive<T>(runtime: &Runtime, future: impl Future<Output = T>) -> T {
    let mut output = None;
    drive_boxed(runtime, Box::pin(async { output = Some(future.await) }));
    output.expect("a future that was driven to its end has an output")
}

fn drive_boxed(runtime: &Runtime, future: Pin<Box<dyn Future<Output = ()> + '_>>) {
    runtime.block_on(future);
}

fn new_runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime of one thread needs nothing that could be missing")
}

/// The test's own future: counts its polls and tells the recorder of each.
struct Watched<'a> {
    body: Pin<Box<dyn Future<Output = ()> + 'a>>,
    lab: Lab,
    recorder: &'a Arc<Recorder>,
    polls: usize,
    at: Option<Instant>,
}

impl Future for Watched<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let now = Instant::now();
        if self.at.replace(now) != Some(now) {
            self.polls = 0;
        }
        self.polls += 1;
        if self.polls > POLL_CAP {
            blame(self.lab.spin).because("poll-cap", &[("count", &POLL_CAP)]).now();
        }
        self.recorder.poll_begins(self.polls);
        // Says that this thread drives tasks: the `block_on` of futures then
        // panics, as Tokio's does, where it would wait for ever.
        let entered = futures::executor::enter();
        let result = self.body.as_mut().poll(cx);
        drop(entered);
        self.recorder.poll_ends();
        result
    }
}
