//! The thread on which checks run, so that keys go on working.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::message::{Msg, News};
use crate::cancel::Cancel;
use crate::catalogue::Exercise;
use crate::check::{self, CargoOutput, Event, Options};
use crate::commands::run::wants_advice;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::verdict::{CompileMessage, Verdict};

/// What checks: the engine, or what stands for it in a test.
pub trait Engine: Send + 'static {
    /// As [`check::check`].
    fn check(&self, exercise: &Exercise, file: &Path, options: &Options) -> Result<Verdict>;
    /// As [`check::advice`].
    fn advice(
        &self,
        exercise: &Exercise,
        file: &Path,
        options: &Options,
    ) -> Result<Vec<CompileMessage>>;
}

impl Engine for Arc<Kit> {
    fn check(&self, exercise: &Exercise, file: &Path, options: &Options) -> Result<Verdict> {
        check::check(self, exercise, file, options)
    }

    fn advice(
        &self,
        exercise: &Exercise,
        file: &Path,
        options: &Options,
    ) -> Result<Vec<CompileMessage>> {
        check::advice(self, exercise, file, options)
    }
}

/// What is to be checked.
pub struct Job {
    /// Number of the check.
    pub id: u64,
    /// The exercise.
    pub exercise: Exercise,
    /// The learner's file.
    pub file: PathBuf,
    /// Even if nothing has changed.
    pub fresh: bool,
}

/// The thread, and the means to stop what it does.
pub struct Worker {
    jobs: Sender<(Job, Cancel)>,
    done: Receiver<()>,
    cancel: Cancel,
}

impl Worker {
    /// Starts the thread; its news go to `out`.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(engine: impl Engine, out: Sender<Msg>) -> std::io::Result<Self> {
        let (jobs, todo) = mpsc::channel::<(Job, Cancel)>();
        let (ended, done) = mpsc::channel();
        thread::Builder::new().name(NAME.to_owned()).spawn(move || {
            // Told by being dropped, however the thread ends.
            let _ended = ended;
            while let Ok(mut next) = todo.recv() {
                // Only the newest counts.
                while let Ok(newer) = todo.try_recv() {
                    next = newer;
                }
                let (job, cancel) = next;
                if !cancel.is_cancelled() {
                    work(&engine, &job, cancel, &out);
                }
            }
        })?;
        Ok(Worker { jobs, done, cancel: Cancel::new() })
    }

    /// Stops what runs and begins `job`.
    pub fn begin(&mut self, job: Job) {
        self.cancel.cancel();
        self.cancel = Cancel::new();
        // It fails only if the thread is gone, and that has been said.
        let _ = self.jobs.send((job, self.cancel.clone()));
    }

    /// Stops what runs, and waits until nothing of it is left, for a while.
    pub fn end(self, patience: Duration) {
        self.cancel.cancel();
        drop(self.jobs);
        let ended = self.done.recv_timeout(patience);
        debug_assert!(matches!(
            ended,
            Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout)
        ));
    }
}

/// Name of the thread: its panics are caught and told as a problem.
pub const NAME: &str = "check";

fn work(engine: &impl Engine, job: &Job, cancel: Cancel, out: &Sender<Msg>) {
    let id = job.id;
    let tell = {
        let out = out.clone();
        move |news| drop(out.send(Msg::Check(id, news)))
    };
    let on_event = {
        let tell = tell.clone();
        move |event: Event<'_>| news(event).into_iter().for_each(&tell)
    };
    let options = Options {
        cache: !job.fresh,
        cargo: CargoOutput::Events,
        on_event: Arc::new(on_event),
        cancel,
        ..Options::default()
    };
    let verdict = caught(|| engine.check(&job.exercise, &job.file, &options));
    let asks = verdict.as_ref().is_ok_and(wants_advice);
    tell(News::Verdict(Box::new(verdict)));
    if asks {
        // A learner without clippy, or with an engine that stumbles over it,
        // has the verdict all the same.
        let advice = caught(|| engine.advice(&job.exercise, &job.file, &options));
        if !options.cancel.is_cancelled() {
            tell(News::Advice(advice.unwrap_or_default()));
        }
    }
}

fn caught<T>(call: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Problem::new("engine-panicked").with("message", text.unwrap_or_default()))
    })
}

fn news(event: Event<'_>) -> Option<News> {
    Some(match event {
        Event::BuildingDependencies => News::Building,
        Event::Cargo(line) => News::Cargo(line.to_owned()),
        Event::Compiling => News::Compiling,
        Event::Testing(all) => News::Testing(all),
        Event::TestDone(_) => News::TestDone,
        Event::Misuse => News::Misuse,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::commands::sample;
    use crate::verdict::Status;

    /// An engine that hangs until it is stopped, stumbles, or passes, by the
    /// name of the exercise.
    struct Fake(Mutex<Sender<&'static str>>);

    impl Engine for Fake {
        fn check(&self, exercise: &Exercise, _: &Path, options: &Options) -> Result<Verdict> {
            match exercise.name.as_str() {
                "one" => {
                    self.0.lock().unwrap().send("hangs").unwrap();
                    while !options.cancel.is_cancelled() {
                        thread::yield_now();
                    }
                    Ok(Verdict { status: Status::Cancelled, ..sample::passed("one") })
                }
                "two" => panic!("stumbled"),
                name => {
                    (options.on_event)(Event::Testing(2));
                    Ok(sample::passed(name))
                }
            }
        }

        fn advice(&self, _: &Exercise, _: &Path, _: &Options) -> Result<Vec<CompileMessage>> {
            panic!("so has clippy")
        }
    }

    fn start() -> (Worker, Receiver<Msg>, Receiver<&'static str>) {
        let (out, news) = mpsc::channel();
        let (signs, seen) = mpsc::channel();
        (Worker::start(Fake(Mutex::new(signs)), out).unwrap(), news, seen)
    }

    fn job(id: u64, name: &str) -> Job {
        let exercise = sample::catalogue().get(name).unwrap().clone();
        Job { id, exercise, file: PathBuf::from("a.rs"), fresh: false }
    }

    #[test]
    fn a_new_job_stops_the_one_that_runs() {
        let (mut worker, news, seen) = start();
        worker.begin(job(1, "one"));
        assert_eq!(seen.recv(), Ok("hangs"));
        worker.begin(job(2, "three"));
        let ids: Vec<u64> = news
            .iter()
            .take(4)
            .map(|msg| match msg {
                Msg::Check(id, _) => id,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(ids, [1, 2, 2, 2], "stopped; testing, verdict, advice");
        worker.end(Duration::from_secs(60));
    }

    #[test]
    fn an_engine_that_stumbles_is_a_problem_and_not_the_end() {
        let (mut worker, news, _seen) = start();
        worker.begin(job(1, "two"));
        let Ok(Msg::Check(1, News::Verdict(verdict))) = news.recv() else { panic!("no verdict") };
        let problem = verdict.unwrap_err();
        assert_eq!(problem.key(), "engine-panicked");
        assert!(problem.to_string().contains("stumbled"));
        worker.begin(job(2, "three"));
        assert!(matches!(news.recv(), Ok(Msg::Check(2, News::Testing(2)))));
        assert!(matches!(news.recv(), Ok(Msg::Check(2, News::Verdict(_)))));
        let advice = news.recv();
        assert!(matches!(advice, Ok(Msg::Check(2, News::Advice(a))) if a.is_empty()));
    }
}
