//! The rest of the contract: how many at once, panics, edges, and the free thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use exercise::cpu_offload::{StopFlag, Work, cancellable, digest_all};
use kit::{blame, elsewhere, plainly, timed};
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::visible::{
    Gate, Here, are_in_order, are_short, at_most, away, bytes_a_poll, chunks, is_away,
    must_be_away, steps_watched, waits, watched,
};

/// Enough to go round often.
const CHUNKS: u8 = 40;

const LIMIT: usize = 3;

/// Threads for jobs that a right answer leaves free. Whoever begins without a limit
/// fills them.
const SPARE: usize = 3;

#[test]
fn as_many_at_once_as_allowed() {
    watched("sequential-awaits").run_sync(|| {
        let (begin, begun) = channel();
        // With the work ends what could be heard of it.
        let begin = Arc::new(begin);
        let free = Arc::downgrade(&begin);
        let (gates, works): (Vec<_>, Vec<_>) = (0..CHUNKS).map(|_| Gate::shut()).unzip();
        let running = Arc::new(AtomicUsize::new(0));
        let under_way = running.clone();
        let work: Work = Arc::new(move |chunk| {
            under_way.fetch_add(1, SeqCst);
            let _ = begin.send(Some(usize::from(chunk[0])));
            works[usize::from(chunk[0])].pass();
            under_way.fetch_sub(1, SeqCst);
            u64::from(chunk[0])
        });
        let here = Here::with_other_threads(LIMIT + SPARE);
        let jobs = here.runtime().handle().clone();
        let digests = elsewhere(move || {
            here.drive(async { digest_all(chunks(0..CHUNKS), work, at_most(LIMIT)).await })
        });
        let mut gates: Vec<_> = gates.into_iter().map(Some).collect();
        let (mut open, mut left) = (Vec::new(), gates.len());
        while left > 0 {
            // As many as may be, and then one of them comes to its end: by turns the one
            // that began last, and the oldest.
            while open.len() < LIMIT.min(left) {
                match begun.recv() {
                    Ok(Some(next)) => open.push(next),
                    _ => plainly().because("work-not-done", &[]).now(),
                }
            }
            // Threads take jobs in their order. So if this one has its turn, a thread
            // was free that nothing else waited for.
            let free = free.upgrade();
            jobs.spawn_blocking(move || free.map(|free| free.send(None)));
            let too_many = begun.recv().ok().flatten().is_some();
            // Threads of the answer's own are given the time to begin as well.
            let is_first = left == usize::from(CHUNKS);
            thread::sleep(Duration::from_millis(if is_first { 200 } else { 5 }));
            let count = running.load(SeqCst);
            blame("unbounded-fanout")
                .because("works-at-once", &[("count", &count), ("limit", &LIMIT)])
                .unless(!too_many && count <= LIMIT);
            open.sort();
            let done = if left.is_multiple_of(2) { open.len() - 1 } else { 0 };
            drop(gates[open.remove(done)].take());
            left -= 1;
        }
        let Ok(digests) = digests.join() else { plainly().because("work-not-done", &[]).now() };
        are_in_order(digests, &Vec::from_iter(0..CHUNKS.into()));
    });
}

#[test]
fn the_thread_is_free_while_others_work() {
    watched("sync-io-in-async").run_sync(|| {
        Here::new().drive(async {
            let (open, gate) = Gate::shut();
            let work = away(move |number| {
                gate.pass();
                number.into()
            });
            let digests = digest_all(chunks([1, 2, 3]), work, at_most(2));
            let digests = waits("digest_all", digests, || drop(open)).await;
            plainly().unless_eq(digests, [1, 2, 3]);

            let (open, gate) = Gate::shut();
            let home = thread::current().id();
            let job = move |_| {
                must_be_away(home);
                gate.pass();
            };
            waits("cancellable", cancellable(job), || drop(open)).await;
        });
    });
}

#[test]
fn no_chunk_and_more_room_than_chunks() {
    watched("sync-io-in-async").run_sync(|| {
        let here = Here::new();
        let none = here.drive(async { digest_all(chunks([]), away(|_| 0), at_most(2)).await });
        plainly().unless_eq(none, Vec::<u64>::new());
        let two =
            here.drive(async { digest_all(chunks([7, 5]), away(u64::from), at_most(1_000)).await });
        plainly().unless_eq(two, [7, 5]);
    });
}

#[test]
fn a_panic_over_there_is_not_hidden() {
    // Whoever hears nothing of it waits for a digest that nobody computes.
    watched("swallowed-join-error").run_sync(|| {
        let here = Here::new();
        let digests =
            |work| here.drive(async { digest_all(chunks([1, 2, 3]), work, at_most(2)).await });
        plainly().unless_eq(digests(away(u64::from)), [1, 2, 3]);
        let panics = away(|number| if number == 2 { panic!("no digest") } else { number.into() });
        let got = catch_unwind(AssertUnwindSafe(|| digests(panics))).ok();
        blame("swallowed-join-error").unless_eq(got, None);
        let job = catch_unwind(AssertUnwindSafe(|| {
            Here::new().drive(async { cancellable(|_| -> u8 { panic!("no job") }).await })
        }));
        let got = job.ok();
        blame("swallowed-join-error").unless_eq(got, None);
    });
}

#[test]
fn every_piece_is_as_long_as_allowed() {
    steps_watched().run(async {
        let data: Vec<u8> = (0..200).collect();
        for (length, every, wanted) in
            [(0, 3, vec![]), (2, 3, vec![2]), (6, 3, vec![3, 3]), (4, 1, vec![1; 4])]
        {
            let polls = bytes_a_poll(&data[..length], every).await;
            are_short(&polls, every);
            plainly().unless_eq(polls, wanted);
        }
        let (polls, time) = timed(bytes_a_poll(&data, 50)).await;
        plainly().unless_eq(polls, [50; 4]);
        plainly().unless_eq(time, Duration::ZERO);
    });
}

#[test]
fn a_job_gives_its_result() {
    watched("sync-io-in-async").run_sync(|| {
        let home = thread::current().id();
        let job = move |flag: StopFlag| {
            must_be_away(home);
            ("text".to_owned(), flag.is_set())
        };
        let here = Here::new();
        for _ in 0..2 {
            let got = here.drive(async { cancellable(job).await });
            plainly().unless_eq(got, ("text".to_owned(), false));
        }
    });
}

#[test]
fn each_job_has_a_flag_of_its_own() {
    watched("sync-io-in-async").run_sync(|| {
        let (open, gate) = Gate::shut();
        let job = |say: oneshot::Sender<StopFlag>| {
            let gate = gate.clone();
            move |flag| {
                let _ = say.send(flag);
                gate.pass();
            }
        };
        Here::new().drive(async {
            let (says, hear) = oneshot::channel();
            let mut unwanted = Box::pin(cancellable(job(says)));
            is_away("cancellable", unwanted.as_mut()).await;
            let (says, hear_of_wanted) = oneshot::channel();
            let mut wanted = Box::pin(cancellable(job(says)));
            is_away("cancellable", wanted.as_mut()).await;
            let (Ok(_), Ok(flag)) = (hear.await, hear_of_wanted.await) else {
                plainly().because("job-not-done", &[]).now()
            };
            drop(unwanted);
            plainly().because("flag-set-early", &[]).unless(!flag.is_set());
            drop(open);
            wanted.await;
        });
    });
}

#[test]
fn nothing_begins_before_the_first_poll() {
    watched("sync-io-in-async").run_sync(|| {
        let here = Here::with_other_threads(1);
        let begun = Arc::new(Mutex::new(Vec::new()));
        let begins = |what: &'static str| {
            let begun = begun.clone();
            move || begun.lock().map(|mut begun| begun.push(what)).unwrap_or_default()
        };
        let (work, job) = (begins("digest_all"), begins("cancellable"));
        here.drive(async {
            let digests = digest_all(chunks([1, 2]), away(move |_| (work(), 1).1), at_most(2));
            let job = cancellable(move |_| job());
            // A task of the answer's own would have its turn here.
            yield_now().await;
            drop((digests, job));
        });
        // Whatever had begun is in the queue before this one.
        let one = here.drive(async { digest_all(chunks([3]), away(|_| 0), at_most(2)).await });
        plainly().unless_eq(one, [0]);
        let begun = begun.lock().map(|begun| begun.clone()).unwrap_or_default();
        blame("eager-before-poll").unless_eq(begun, Vec::<&str>::new());
    });
}
