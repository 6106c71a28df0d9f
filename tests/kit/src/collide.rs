//! Two threads that keep running into each other.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use crate::{plainly, recorder};

/// As many as a right answer goes through in some ten milliseconds.
const PAIRS: usize = 10_000;

/// Two threads go through ten thousand pairs in step: one does `left` with the
/// left halves, the other, which is this one, `right` with the right ones.
/// Each is a few nanoseconds earlier or later than the other, by turns, so that
/// every order of what they do comes up. Returns what came out.
///
/// For races that no test can arrange: a wrong answer loses some of the pairs,
/// on a machine that has two cores to spare. A right one passes under every
/// timing, and does not wait for the other thread where that is off its core.
///
/// # Panics
/// Fails the test if `left` panics.
pub fn collide<A: Send, B, R: Send, S>(
    pairs: impl Iterator<Item = (A, B)>,
    left: impl Fn(A) -> R + Send,
    right: impl Fn(B) -> S,
) -> Vec<(R, S)> {
    let (lefts, rights): (Vec<A>, Vec<B>) = pairs.take(PAIRS).unzip();
    let (mut others, mut own) = (Vec::with_capacity(lefts.len()), Vec::with_capacity(rights.len()));
    let steps = lefts.len();
    let (mut lefts, mut rights) = (lefts.into_iter(), rights.into_iter());
    let there = &mut others;
    let left = move || there.extend(lefts.next().map(&left));
    in_step(steps, Box::new(left), &mut || own.extend(rights.next().map(&right)));
    others.into_iter().zip(own).collect()
}

/// Takes so many steps on two threads; this one goes `right`. It knows nothing
/// of what they do, so it is compiled once, with the kit.
fn in_step(steps: usize, mut left: Box<dyn FnMut() + Send + '_>, right: &mut dyn FnMut()) {
    let (there, here) = (&Progress::default(), &Progress::default());
    thread::scope(|scope| {
        let other = scope.spawn(move || {
            let _ending = Ending(there);
            for step in 0..steps {
                here.meet(step, step * 13 % 64);
                left();
                there.reaches(step + 1);
            }
        });
        let _ending = Ending(here);
        for step in 0..steps {
            there.meet(step, step * 7 % 64);
            right();
            here.reaches(step + 1);
        }
        if let Err(payload) = other.join() {
            let message = recorder::panic_of(&*payload).map(|panic| panic.message);
            let message = message.unwrap_or_default();
            plainly().because("other-thread", &[("message", &message)]).now()
        }
    });
}

/// How far a thread has come.
#[derive(Default)]
struct Progress(AtomicUsize);

impl Progress {
    fn reaches(&self, step: usize) {
        self.0.store(step, SeqCst);
    }

    /// Waits until that thread is at `step`, then lingers for a moment. On a
    /// busy machine it may be off its core: so this waits for long only now and
    /// then, and else goes on alone.
    fn meet(&self, step: usize, linger: usize) {
        let mut spins = 0;
        while self.0.load(SeqCst) < step {
            spins += 1;
            match step % (PAIRS / 5) {
                0 if spins > 200 => thread::yield_now(),
                1.. if spins > 200 => break,
                _ => std::hint::spin_loop(),
            }
        }
        for turn in 0..linger {
            std::hint::black_box(turn);
        }
    }
}

/// Nobody waits for a thread that has ended, or panicked.
struct Ending<'a>(&'a Progress);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.reaches(usize::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn both_sides_do_every_pair() {
        let cells: Vec<Mutex<Vec<u8>>> = (0..20_000).map(|_| Mutex::default()).collect();
        let pairs = cells.iter().map(|cell| (cell, cell));
        let add = |n| move |cell: &Mutex<Vec<u8>>| cell.lock().unwrap().push(n);
        let played = collide(pairs, add(1), add(2));
        assert_eq!(played.len(), PAIRS);
        for cell in &cells[..PAIRS] {
            let mut done = cell.lock().unwrap().clone();
            done.sort_unstable();
            assert_eq!(done, [1, 2]);
        }
    }

    #[test]
    fn a_panic_over_there_fails_the_test_and_ends_it() {
        let record = crate::capture(|| {
            crate::run_sync(|| {
                let pairs = (0..).map(|n| (n, n));
                collide(pairs, |n| assert!(n < 100, "over there"), drop);
            });
        });
        let fact = &record.diagnosis.unwrap().facts[0];
        assert_eq!(
            (fact.key.as_str(), fact.args["message"].as_str()),
            ("other-thread", "over there")
        );
    }
}
