//! What every learner sees: each of the three functions once.

use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use exercise::cpu_offload::{StopFlag, Work, cancellable, digest_all, in_small_steps};
use kit::{
    ByHand, Lab, blame, by_hand, counting_waker, drive, lab, paused_runtime, plainly, settled,
};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::yield_now;

pub fn at_most(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).expect("no test has a limit of zero")
}

/// A chunk for each number: the work knows by it which one it is about.
pub fn chunks(numbers: impl IntoIterator<Item = u8>) -> Vec<Vec<u8>> {
    numbers.into_iter().map(|number| vec![number]).collect()
}

/// Fails the test if this is the thread that polls.
pub fn must_be_away(home: ThreadId) {
    let here = thread::current().id() == home;
    blame("cpu-on-executor").because("on-executor", &[("what", &"The work")]).unless(!here);
}

/// Work on the one byte of a chunk, on another thread than the caller's.
pub fn away(act: impl Fn(u8) -> u64 + Send + Sync + 'static) -> Work {
    let home = thread::current().id();
    Arc::new(move |chunk| {
        must_be_away(home);
        act(chunk[0])
    })
}

/// Shut until the sender is dropped.
pub struct Gate(Mutex<Receiver<()>>);

impl Gate {
    pub fn shut() -> (Sender<()>, Arc<Self>) {
        let (open, gate) = channel();
        (open, Arc::new(Gate(Mutex::new(gate))))
    }

    /// Blocks the thread until the gate is open.
    pub fn pass(&self) {
        // Nobody says anything: the end of the channel is the opening.
        let _ = self.0.lock().map(|gate| gate.recv());
    }
}

/// A runtime on this thread. Its end does not wait for jobs that are left.
pub struct Here(Option<Runtime>);

impl Here {
    pub fn new() -> Self {
        Here(Some(paused_runtime()))
    }

    /// With so many threads for jobs, which take them in their order.
    pub fn with_other_threads(count: usize) -> Self {
        let mut threads = Builder::new_current_thread();
        Here(threads.enable_time().max_blocking_threads(count).build().ok())
    }

    pub fn drive<T>(&self, future: impl Future<Output = T>) -> T {
        drive(self.runtime(), future)
    }

    pub fn runtime(&self) -> &Runtime {
        self.0.as_ref().expect("it is there until the end")
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Polls a future whose work cannot end yet, and then lets `meanwhile` see to that.
pub async fn waits<T>(who: &str, future: impl Future<Output = T>, meanwhile: impl FnOnce()) -> T {
    let mut future = pin!(future);
    is_away(who, future.as_mut()).await;
    meanwhile();
    future.await
}

/// Polls a future whose work cannot end yet until there is nothing more to do for
/// it here.
pub async fn is_away<T>(who: &str, future: Pin<&mut impl Future<Output = T>>) {
    let (wakes, waker) = counting_waker(who);
    let polled = settled(&mut by_hand(future, (&wakes, &waker)), 20).await;
    blame("busy-wake")
        .because("polled-often", &[("who", &who), ("count", &20)])
        .unless(polled.is_some());
    plainly()
        .because("ready-without-work", &[("who", &who)])
        .unless(polled.is_some_and(|polled| polled.is_pending()));
    // One is the test's own. Who has been woken in between may have let go of the rest.
    let kept = wakes.wakers() > 1 || wakes.wakes() > 0;
    blame("pending-without-waker").because("no-waker-kept", &[("who", &who)]).unless(kept);
}

/// All tests with other threads: none of their waits is long for a right answer. Who
/// computes in place does so on the thread that polls.
pub fn watched(stuck: &'static str) -> Lab {
    lab().stuck_means(stuck).in_place_means("cpu-on-executor")
}

/// Tests of small steps: nobody else is there who could wake the task.
pub fn steps_watched() -> Lab {
    lab().hang_means("pending-without-waker")
}

/// How many bytes each poll has got through, if any.
pub async fn bytes_a_poll(data: &[u8], every: usize) -> Vec<usize> {
    let (polls, mut seen) = (std::cell::RefCell::new(Vec::new()), Vec::new());
    {
        let mut steps = pin!(in_small_steps(data, at_most(every), |byte| {
            seen.push(byte);
            if let Some(bytes) = polls.borrow_mut().last_mut() {
                *bytes += 1;
            }
        }));
        std::future::poll_fn(|cx| {
            polls.borrow_mut().push(0);
            steps.as_mut().poll(cx)
        })
        .await;
    }
    plainly().unless_eq(seen, data);
    let mut polls = polls.into_inner();
    // It may let the others go first once more, in between or when nothing is left.
    polls.retain(|bytes| *bytes > 0);
    polls
}

/// No poll has got through more bytes than allowed.
pub fn are_short(polls: &[usize], every: usize) {
    let count = polls.iter().max().copied().unwrap_or(0);
    blame("never-yields")
        .because("bytes-in-a-row", &[("count", &count), ("every", &every)])
        .unless(count <= every);
}

/// How long the test looks out for a wake, in real time. Whoever hears of the work
/// only when all is done may let it wait in vain.
const LOOK_OUT: Duration = Duration::from_secs(1);

#[test]
fn digests_stand_in_the_order_of_the_chunks() {
    watched("sync-io-in-async").run_sync(|| {
        let (open, gate) = Gate::shut();
        let (done, is_done) = oneshot::channel::<()>();
        let done = Mutex::new(Some(done));
        let work = away(move |number| {
            if number == 1 {
                gate.pass();
            } else if number == 2 {
                drop(done.lock().map(|mut done| done.take()));
            }
            // As in life, their size says nothing about their place.
            [0, 30, 10, 20][usize::from(number)]
        });
        let digests = Here::new().drive(async {
            let mut digests = pin!(digest_all(chunks([1, 2, 3]), work, at_most(2)));
            let (wakes, waker) = counting_waker("digest_all");
            let mut polled = by_hand(digests.as_mut(), (&wakes, &waker));
            let mut result = settled(&mut polled, 20).await;
            // The second chunk is done, and this is known, before the first one is.
            let _ = is_done.await;
            let begun = Instant::now();
            while !polled.is_woken() && begun.elapsed() < LOOK_OUT {
                thread::sleep(Duration::from_millis(1));
                yield_now().await;
            }
            if result == Some(Poll::Pending) && polled.is_woken() {
                result = Some(polled.turn());
            }
            drop(open);
            match result {
                Some(Poll::Ready(digests)) => digests,
                _ => digests.await,
            }
        });
        are_in_order(digests, &[30, 10, 20]);
    });
}

/// The digests of all chunks, each in its place.
pub fn are_in_order(digests: Vec<u64>, wanted: &[u64]) {
    let sorted = |digests: &[u64]| {
        let mut digests = digests.to_vec();
        digests.sort();
        digests
    };
    let mixed_up = digests != wanted && sorted(&digests) == sorted(wanted);
    let check = if mixed_up { blame("result-order-mixup") } else { plainly() };
    check.unless_eq(digests, wanted);
}

#[test]
fn small_steps_let_others_in() {
    steps_watched().run(async {
        let polls = bytes_a_poll(&[1, 2, 3, 4, 5, 6, 7], 3).await;
        are_short(&polls, 3);
        plainly().unless_eq(polls, [3, 3, 1]);
    });
}

#[test]
fn a_job_that_nobody_waits_for_any_more_is_told() {
    watched("sync-io-in-async").run_sync(|| {
        let (open, gate) = Gate::shut();
        let (say, hear) = oneshot::channel::<StopFlag>();
        let home = thread::current().id();
        let job = move |flag: StopFlag| {
            must_be_away(home);
            let _ = say.send(flag);
            gate.pass();
        };
        Here::new().drive(async {
            let mut done = Box::pin(cancellable(job));
            is_away("cancellable", done.as_mut()).await;
            let Ok(flag) = hear.await else { plainly().because("job-not-done", &[]).now() };
            plainly().because("flag-set-early", &[]).unless(!flag.is_set());
            drop(done);
            blame("blocking-task-uncancellable").because("flag-not-set", &[]).unless(flag.is_set());
        });
        drop(open);
    });
}
