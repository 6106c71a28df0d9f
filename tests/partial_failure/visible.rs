//! What every learner sees: the same jobs, and three contracts.

use std::any::Any;
use std::fmt::{Debug, Display};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use exercise::partial_failure::{Failure, Report, all_or_nothing, best_effort, quorum};
use kit::{
    Lab, Log, alive_tasks, blame, lab, mock, ms, no_tasks_left, panic_words, plainly, secs, span,
    timed, took,
};
use tokio::time::{Instant, interval, sleep, timeout};

use self::How::{Fire, Good, Shut};

/// How a job ends.
#[derive(Clone, Copy, PartialEq)]
pub enum How {
    /// With its name as result.
    Good,
    /// With an error.
    Shut,
    /// With a panic.
    Fire,
}

/// What a job does: its name, how many seconds it takes, and how it ends.
pub type Plan = [(&'static str, u64, How)];

#[test]
fn all_or_nothing_gives_all_results_or_the_first_error() {
    watched().run(async {
        let plan = [("Oslo", 2, Good), ("Rome", 3, Good), ("Cairo", 1, Good)];
        all_is(&plan, Ok(vec!["Oslo", "Rome", "Cairo"]), 3).await;
        let plan = [("Oslo", 5, Good), ("Rome", 1, Shut), ("Cairo", 4, Good)];
        all_is(&plan, Err(IsShut("Rome")), 1).await;
    });
}

#[test]
fn best_effort_reports_each_job_in_its_place() {
    watched().run(async {
        let plan = [
            ("Oslo", 2, Good),
            ("Rome", 1, Shut),
            ("Cairo", HOURS, Good),
            ("Lima", 2, Fire),
            ("Quito", 3, Good),
        ];
        report_is(&plan, 4).await;
    });
}

#[test]
fn quorum_is_there_with_the_last_result_that_it_needs() {
    counted().run(async {
        let plan = [
            ("Oslo", 4, Good),
            ("Rome", 1, Shut),
            ("Cairo", 2, Good),
            ("Lima", 3, Good),
            ("Quito", HOURS, Good),
        ];
        quorum_is(&plan, 2, Ok(vec!["Cairo", "Lima"]), 3).await;
    });
}

/// All tests: a poll that waits for a task by itself never comes back.
pub fn watched() -> Lab {
    lab().stuck_means("sync-io-in-async")
}

/// Those of `quorum`: nor does one that goes round and round and waits for more results
/// than there are.
pub fn counted() -> Lab {
    lab().stuck_means("busy-wake")
}

/// Nine hours, in seconds: much longer than anything else takes.
pub const HOURS: u64 = 9 * 3_600;

/// Longer than any wait in these tests.
const LIMIT: Duration = secs(12 * 3_600);

/// A right answer is polled a few times for each job.
const POLLS: usize = 2_000;

/// How often a call may be polled for nothing. No job is done at such a moment.
const NUDGE: Duration = ms(290);

/// The result of a job. There is only one of it: it cannot be cloned.
#[derive(Debug, PartialEq)]
pub struct Page(pub &'static str);

/// The error of a job. Nor can this.
#[derive(Debug, PartialEq)]
pub struct IsShut(pub &'static str);

pub type Job = exercise::partial_failure::Job<Page, IsShut>;
pub type Panic = Box<dyn Any + Send>;
pub type Call<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Jobs, and what is known of them all.
#[derive(Default)]
pub struct Crowd {
    /// Those that were polled.
    pub begun: Log,
    /// Whether the call is polled now and then although nothing has happened.
    pub nudged: bool,
    /// Each job has one of these for as long as it lives.
    alive: Arc<()>,
}

impl Crowd {
    pub fn new() -> Self {
        Crowd { begun: Log::new(), ..Crowd::default() }
    }

    /// How many have neither ended nor been dropped.
    pub fn live(&self) -> usize {
        Arc::strong_count(&self.alive) - 1
    }

    /// A job that does what `work` does.
    pub fn job(
        &self,
        name: &'static str,
        work: impl Future<Output = Result<&'static str, IsShut>> + Send + 'static,
    ) -> Job {
        let (alive, begun) = (self.alive.clone(), self.begun.clone());
        Box::pin(async move {
            let _alive = alive;
            let _span = span(name);
            begun.add(name);
            work.await.map(Page)
        })
    }

    /// Jobs by this plan.
    pub fn jobs(&self, plan: &Plan) -> Vec<Job> {
        let job = |&(name, time, how): &(&'static str, u64, How)| {
            self.job(name, async move {
                // In two steps: a job is polled more than twice.
                if time > 0 {
                    sleep(secs(time) / 2).await;
                    sleep(secs(time) / 2).await;
                }
                match how {
                    Good => Ok(name),
                    Shut => Err(IsShut(name)),
                    Fire => panic!("fire in {name}"),
                }
            })
        };
        plan.iter().map(job).collect()
    }
}

/// How a call ended.
pub struct Ended<T> {
    /// What it gave, or what it panicked with.
    pub told: Result<T, Panic>,
    pub end: End,
}

/// When it ended, and what was there at that very moment.
pub struct End {
    pub time: Duration,
    nudged: bool,
    live: usize,
    tasks: usize,
}

/// Awaits a call.
pub async fn ended<T>(who: &str, crowd: &Crowd, mut call: Call<'_, T>) -> Ended<T> {
    let mut given = None;
    let keep = &mut given;
    // Erased here, so that the rest is compiled once.
    let erased = poll_fn(move |cx| call.as_mut().poll(cx).map(|told| *keep = Some(told)));
    let Ended { told, end } = watch(who, crowd, Box::pin(erased)).await;
    Ended { told: told.map(|()| given.expect("it has ended")), end }
}

async fn watch(who: &str, crowd: &Crowd, call: Call<'_, ()>) -> Ended<()> {
    let _span = span(who);
    let start = Instant::now();
    let (mut call, mut polls) = (Some(call), 0);
    let mut nudges = crowd.nudged.then(|| interval(NUDGE));
    let watched = poll_fn(|cx| {
        if start.elapsed() > secs(60) {
            nudges = None;
        }
        while nudges.as_mut().is_some_and(|nudges| nudges.poll_tick(cx).is_ready()) {}
        polls += 1;
        blame("busy-wake")
            .because("polled-often", &[("who", &who), ("count", &polls)])
            .unless(polls <= POLLS || crowd.nudged);
        let poll = AssertUnwindSafe(|| call.as_mut().map(|call| call.as_mut().poll(cx)));
        let told = match catch_unwind(poll) {
            Ok(Some(Poll::Ready(()))) => Ok(()),
            Ok(_) => return Poll::Pending,
            Err(panic) => Err(panic),
        };
        // As an await does.
        call = None;
        // Nobody has woken it: this is the poll of the one who gives up.
        not_woken(who, start.elapsed() < LIMIT);
        Poll::Ready((told, crowd.live(), alive_tasks()))
    });
    let (watched, time) = timed(timeout(LIMIT, watched)).await;
    let Ok((told, live, tasks)) = watched else {
        // There are jobs that could go on, and nobody polls them.
        not_woken(who, crowd.live() == 0);
        // Or else it waits for something that does not come.
        let hang =
            if crowd.begun.lines().is_empty() { "buffered-zero-hang" } else { "self-kept-sender" };
        blame(hang).because("deadline", &[("limit", &"12h")]).now()
    };
    if let Err(panic) = &told {
        polled_once(&words(panic));
    }
    Ended { told, end: End { time, nudged: crowd.nudged, live, tasks } }
}

fn not_woken(who: &str, holds: bool) {
    blame("pending-without-waker").because("not-woken", &[("who", &who)]).unless(holds);
}

/// The words of a panic.
pub fn words(panic: &Panic) -> String {
    panic_words(&**panic).unwrap_or_default().to_owned()
}

/// Fails the test if these are the words of a job that was polled after its end.
fn polled_once(words: &str) {
    blame("repoll-after-ready")
        .because("polled-after-ready", &[("who", &"A job")])
        .unless(!words.contains("resumed after completion"));
}

impl<T> Ended<T> {
    /// What it gave. A panic is a mistake of the answer's own: no job has panicked.
    pub fn given(self) -> (T, End) {
        match self.told {
            Ok(told) => (told, self.end),
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// Fails the test if so many jobs are alive.
pub fn none_live(live: usize, pitfall: &str) {
    let facts: [(&str, &dyn Display); 3] = [("count", &live), ("what", &"jobs"), ("expected", &0)];
    blame(pitfall).because("still-alive", &facts).unless(live == 0);
}

impl End {
    /// Fails the test unless all jobs are gone, and all tasks, too.
    pub async fn nothing_is_left(&self, crowd: &Crowd) {
        // Time for the runtime to drop what was aborted, and for nothing else.
        sleep(ms(1)).await;
        let pitfall = match (crowd.live(), self.tasks) {
            (_, 0) => "loser-kept-alive",
            (0, _) => "joinset-drop-unawaited",
            (_, _) => "dropped-handle-detaches",
        };
        none_live(self.live, pitfall);
        no_tasks_left("dropped-handle-detaches");
    }

    /// Fails the test if it took longer than `at`.
    fn not_later(&self, at: u64, pitfall: &'static str) {
        if self.time > secs(at) {
            // Whenever it is polled for nothing: then there was something.
            let unasked = self.nudged && self.time.as_millis().is_multiple_of(NUDGE.as_millis());
            not_woken("It", !unasked);
            took(self.time).slower_means(pitfall).should_be(secs(at));
        }
    }

    /// The same. It has waited for one job too many, or for one after the other.
    pub fn waited_for(&self, plan: &Plan, at: u64, pitfall: &'static str) {
        let for_one = plan.iter().any(|(_, time, _)| secs(*time) == self.time);
        self.not_later(at, if for_one { pitfall } else { "sequential-awaits" });
    }

    /// Fails the test if it took less than `at`.
    async fn not_earlier(&self, crowd: &Crowd, at: u64) {
        if self.time < secs(at) {
            // Has it begun them, and left them to themselves?
            self.nothing_is_left(crowd).await;
            took(self.time).lazy_only_if_none().should_be(secs(at));
        }
    }
}

// --- all_or_nothing

/// Checks what `all_or_nothing` makes of this plan, and after how many seconds.
pub async fn all_is(plan: &Plan, wanted: Result<Vec<&'static str>, IsShut>, at: u64) {
    all_of(&Crowd::new(), plan, wanted, at).await;
}

pub async fn all_of(
    crowd: &Crowd,
    plan: &Plan,
    wanted: Result<Vec<&'static str>, IsShut>,
    at: u64,
) {
    let call = Box::pin(all_or_nothing(crowd.jobs(plan)));
    let (told, end) = ended("all_or_nothing", crowd, call).await.given();
    let told = told.map(names);
    let late = if wanted.is_ok() { "sequential-awaits" } else { "join-then-question-mark" };
    end.waited_for(plan, at, late);
    end.not_earlier(crowd, at).await;
    if let (Ok(told), Ok(wanted)) = (&told, &wanted) {
        in_order(told, wanted);
    }
    plainly().unless_eq(told, wanted);
    end.nothing_is_left(crowd).await;
}

/// The results of jobs, by the names on them.
fn names(pages: Vec<Page>) -> Vec<&'static str> {
    pages.into_iter().map(|page| page.0).collect()
}

/// The same, but in another order?
fn in_order<T: PartialEq + Debug>(told: &[T], wanted: &[T]) {
    if told.len() == wanted.len() && wanted.iter().all(|one| told.contains(one)) {
        blame("result-order-mixup").unless_eq(told, wanted);
    }
}

// --- best_effort

/// A report that can be compared.
#[derive(Debug, PartialEq)]
struct Lists {
    done: Vec<(usize, &'static str)>,
    failed: Vec<(usize, Why)>,
}

/// Why there is no result; of a panic its words.
#[derive(Debug, PartialEq)]
enum Why {
    Error(IsShut),
    TimedOut,
    Panicked(String),
}

impl Lists {
    /// What a report should say of this plan, if each may take so many seconds.
    fn due(plan: &Plan, each: u64) -> Self {
        let (mut done, mut failed) = (Vec::new(), Vec::new());
        for (place, &(name, time, how)) in plan.iter().enumerate() {
            match how {
                _ if time > each => failed.push((place, Why::TimedOut)),
                Good => done.push((place, name)),
                Shut => failed.push((place, Why::Error(IsShut(name)))),
                Fire => failed.push((place, Why::Panicked(format!("fire in {name}")))),
            }
        }
        Lists { done, failed }
    }

    /// What it does say.
    fn of(report: Report<Page, IsShut>) -> Self {
        let why = |failure| match failure {
            Failure::Error(error) => Why::Error(error),
            Failure::TimedOut => Why::TimedOut,
            Failure::Panicked(panic) => {
                polled_once(&words(&panic));
                Why::Panicked(words(&panic))
            }
        };
        let failed = report.failed.into_iter().map(|(place, failure)| (place, why(failure)));
        let done = report.done.into_iter().map(|(place, page)| (place, page.0));
        Lists { done: done.collect(), failed: failed.collect() }
    }

    fn names(&self) -> Vec<&str> {
        self.done.iter().map(|(_, name)| *name).collect()
    }

    fn reasons(&self) -> Vec<&Why> {
        self.failed.iter().map(|(_, why)| why).collect()
    }

    /// How many panics it tells of.
    fn panics(&self) -> usize {
        self.reasons().iter().filter(|why| matches!(why, Why::Panicked(_))).count()
    }
}

/// Checks the report on this plan, if each may take so many seconds.
pub async fn report_is(plan: &Plan, each: u64) {
    report_of(&Crowd::new(), plan, each).await;
}

pub async fn report_of(crowd: &Crowd, plan: &Plan, each: u64) {
    let call = Box::pin(best_effort(crowd.jobs(plan), secs(each)));
    judge(crowd, plan, each, ended("best_effort", crowd, call).await).await;
}

/// Fails the test if this is the panic of a job: it should be in the report.
pub fn stays_inside(panic: &Panic) {
    let words = words(panic);
    let of_a_job = words.contains("fire in") || panic.is::<u32>();
    blame("one-failure-kills-all")
        .because("job-panic-out", &[("who", &"best_effort"), ("message", &words)])
        .unless(!of_a_job);
}

/// Why it took so long.
fn why_late(plan: &Plan, each: u64, took: Duration) -> &'static str {
    let times = || plan.iter().map(|(_, time, _)| *time);
    if secs(each) == took {
        // It has waited for the limit, whatever the jobs did.
        return "timeout-wrong-scope";
    }
    let sum: u64 = times().map(|time| time.min(each)).sum();
    if times().all(|time| time <= each) || secs(sum) == took {
        return "sequential-awaits";
    }
    // A limit that begins anew with each job that is done? Or with each one that is
    // waited for, in the order of the list?
    let mut sorted: Vec<u64> = times().collect();
    sorted.sort();
    let latest = sorted.iter().fold(0, |now, time| if *time <= now + each { *time } else { now });
    let in_turn = times().fold(0, |now: u64, time| now.max(time.min(now + each)));
    if secs(latest + each) == took && in_turn != latest + each {
        return "timer-recreated-in-loop";
    }
    if took < secs(HOURS) {
        return "timeout-wrong-scope";
    }
    // No limit at all? Some real time goes by, and no virtual time. Whoever measures
    // the one where the other is meant says that the time is up.
    let crowd = Crowd::new();
    let forever = |limit| {
        let call = best_effort(crowd.jobs(&[("Oslo", HOURS, Good)]), limit);
        mock("best_effort", Box::pin(call) as Call<'_, _>)
    };
    let mut real = forever(ms(1));
    let _ = real.poll();
    std::thread::sleep(ms(20));
    if real.poll().is_ready() {
        return "std-instant-under-virtual-clock";
    }
    // A time that is up at once needs no wake: so is there any clock?
    let mut none = forever(ms(0));
    let ended = (0..10).any(|_| none.poll().is_ready());
    if ended { "subfuture-recreated" } else { "timeout-wrong-scope" }
}

pub async fn judge(crowd: &Crowd, plan: &Plan, each: u64, ended: Ended<Report<Page, IsShut>>) {
    if let Err(panic) = &ended.told {
        stays_inside(panic);
    }
    let (report, end) = ended.given();
    let (told, wanted) = (Lists::of(report), Lists::due(plan, each));

    // When?
    let times: Vec<u64> = plan.iter().map(|(_, time, _)| *time.min(&each)).collect();
    let at = times.iter().copied().max().unwrap_or(0);
    if end.time > secs(at) {
        end.not_later(at, why_late(plan, each, end.time));
    }
    if told.done.is_empty() && told.failed.is_empty() {
        end.not_earlier(crowd, at).await;
    }

    // Who is missing? And is it said to have taken too long?
    let names = told.names();
    let missing: Vec<usize> = wanted
        .done
        .iter()
        .filter_map(|(place, name)| (!names.contains(name)).then_some(*place))
        .collect();
    if missing.iter().any(|place| told.failed.contains(&(*place, Why::TimedOut))) {
        blame("timeout-wrong-scope").unless_eq(&told, &wanted);
    }
    if missing.is_empty() && told.panics() < wanted.panics() {
        blame("swallowed-join-error").unless_eq(&told, &wanted);
    }
    if !missing.is_empty() && !wanted.failed.is_empty() {
        blame("one-failure-kills-all").unless_eq(&told, &wanted);
    }
    end.not_earlier(crowd, at).await;
    for why in wanted.reasons() {
        // It was heard, and what it carried was changed.
        if let Why::Panicked(words) = why {
            plainly()
                .because("panic-changed", &[("words", words)])
                .unless(told.reasons().contains(&why));
        }
    }

    // And in which place, and in which order?
    let all_names = wanted.names().iter().all(|name| names.contains(name));
    let all_reasons = wanted.reasons().iter().all(|why| told.reasons().contains(why));
    let counts = |lists: &Lists| (lists.done.len(), lists.failed.len());
    if all_names && all_reasons && counts(&told) == counts(&wanted) {
        blame("result-order-mixup").unless_eq(&told, &wanted);
    }
    plainly().unless_eq(told, wanted);
    end.nothing_is_left(crowd).await;
}

// --- quorum

/// What a quorum gives.
pub type Enough = Result<Vec<&'static str>, Vec<IsShut>>;

/// Checks what `quorum` makes of this plan, and after how many seconds.
pub async fn quorum_is(plan: &Plan, need: usize, wanted: Enough, at: u64) {
    quorum_of(&Crowd::new(), plan, need, wanted, at).await;
}

pub async fn quorum_of(crowd: &Crowd, plan: &Plan, need: usize, wanted: Enough, at: u64) {
    let call = Box::pin(quorum(crowd.jobs(plan), need));
    let (told, end) = ended("quorum", crowd, call).await.given();
    let told = told.map(names);
    if told.as_ref().is_err_and(|errors| !errors.is_empty()) && wanted.is_ok() {
        blame("one-failure-kills-all").unless_eq(&told, &wanted);
    }
    let late = if wanted.is_ok() { "loser-kept-alive" } else { "join-then-question-mark" };
    end.waited_for(plan, at, late);
    end.not_earlier(crowd, at).await;
    match (&told, &wanted) {
        (Ok(told), Ok(wanted)) => in_order(told, wanted),
        (Err(told), Err(wanted)) => in_order(told, wanted),
        _ => {}
    }
    plainly().unless_eq(told, wanted);
    end.nothing_is_left(crowd).await;
}
