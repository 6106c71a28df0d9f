//! Two threads that keep running into each other.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::{cores, plainly, recorder};

/// As many as a right answer goes through in some ten milliseconds.
const PAIRS: usize = 10_000;

/// Two threads go through ten thousand pairs in step: one does `left` with the
/// left halves, the other, which is this one, `right` with the right ones.
/// Each is a few nanoseconds earlier or later than the other, by turns, so that
/// every order of what they do comes up. Returns what came out.
///
/// For races that no test can arrange: a wrong answer loses some of the pairs,
/// on a machine with two cores. A right one passes under every timing. See
/// [`race`] for how long to go on.
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

/// Plays rounds of a race until it has turned so often: now the one came first,
/// now the other. A round says for each of its pairs whether the first one did.
///
/// With two cores one round of a thousand pairs does, however busy they are;
/// with one core, nothing collides. So it ends after twenty rounds, and no
/// round begins after three seconds: that bounds what is looked for, and never
/// decides what was found.
pub fn race(turns: usize, round: &mut dyn FnMut() -> Vec<bool>) {
    const ROUNDS: usize = 20;
    const LONG: Duration = Duration::from_secs(3);
    let (begun, mut seen) = (Instant::now(), 0);
    for _ in 0..ROUNDS {
        seen += round().windows(2).filter(|pair| pair[0] != pair[1]).count();
        if seen >= turns || begun.elapsed() > LONG {
            break;
        }
    }
}

/// Takes so many steps on two threads; this one goes `right`. It knows nothing
/// of what they do, so it is compiled once, with the kit.
fn in_step(steps: usize, mut left: Box<dyn FnMut() + Send + '_>, right: &mut dyn FnMut()) {
    // Whoever has slept is soon given a core, however many want it: both wait
    // here, asleep, and so both are on one when they begin.
    let (start, pace) = (&Barrier::new(2), &Pace::new());
    // Programs that do this at the same time should not all meet on two cores.
    let first = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().subsec_micros();
    let first = first as usize;
    // Two numbers without a common divisor: each lingering comes together with each.
    let (left_lingers, right_lingers) = (61, 64);
    // Asked before: for a thread that stays on one core there is only that one.
    let patience = patience();
    thread::scope(|scope| {
        let other = scope.spawn(move || {
            let _ending = Ending(pace, 0);
            let _pinned = cores::pin(first);
            let until = Instant::now() + patience;
            start.wait();
            for step in 0..steps {
                pace.meet(0, step, step * 13 % left_lingers, until);
                left();
            }
        });
        let ending = Ending(pace, 1);
        let _pinned = cores::pin(first + 1);
        let until = Instant::now() + patience;
        start.wait();
        for step in 0..steps {
            pace.meet(1, step, step * 7 % right_lingers, until);
            right();
        }
        drop(ending);
        if let Err(payload) = other.join() {
            let message = recorder::panic_of(&*payload).map(|panic| panic.message);
            let message = message.unwrap_or_default();
            plainly().because("other-thread", &[("message", &message)]).now()
        }
    });
}

/// So long a thread waits for the other one in all: on a busy machine that one
/// may have had to leave its core, now and then. It never comes while this one
/// waits if there is one core for both.
fn patience() -> Duration {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Duration::from_secs(if cores > 1 { 2 } else { 0 })
}

/// How far two threads have come.
struct Pace {
    steps: [AtomicUsize; 2],
    /// So many steps may be taken, the latest of them at `moment`.
    may_take: AtomicUsize,
    /// In nanoseconds after `begun`.
    moment: AtomicU64,
    begun: Instant,
}

/// Longer than it takes a core to hear from another one, in nanoseconds.
const HEARD: u64 = 1_000;

impl Pace {
    fn new() -> Self {
        Pace {
            steps: Default::default(),
            may_take: AtomicUsize::new(0),
            moment: AtomicU64::new(0),
            begun: Instant::now(),
        }
    }

    /// Waits until the other thread is at `step`, too, then lingers for a moment.
    ///
    /// Who comes last knows at once that both are there, and the other hears of it some
    /// hundred nanoseconds later: they would only ever take turns. So both go on at a
    /// moment that the last one names, by the clock.
    fn meet(&self, who: usize, step: usize, linger: usize, until: Instant) {
        self.steps[who].store(step, SeqCst);
        if self.steps[1 - who].load(SeqCst) >= step {
            self.moment.store(self.now() + HEARD, SeqCst);
            self.may_take.store(step + 1, SeqCst);
        }
        let mut turns = 0_u32;
        while self.may_take.load(SeqCst) <= step {
            // To ask for the time is slow: who is just about to meet does not.
            turns += 1;
            if turns.is_multiple_of(1_000) && Instant::now() >= until {
                break;
            }
            std::hint::spin_loop();
        }
        while self.now() < self.moment.load(SeqCst) {}
        for turn in 0..linger {
            std::hint::black_box(turn);
        }
    }

    fn now(&self) -> u64 {
        self.begun.elapsed().as_nanos() as u64
    }

    fn ends(&self, who: usize) {
        self.steps[who].store(usize::MAX, SeqCst);
        self.may_take.store(usize::MAX, SeqCst);
    }
}

/// Nobody waits for a thread that has ended, or panicked.
struct Ending<'a>(&'a Pace, usize);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.ends(self.1);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Mutex;

    use super::*;

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
    fn a_race_goes_on_until_it_has_turned() {
        let mut rounds = 0;
        race(4, &mut || {
            rounds += 1;
            vec![true, false, true, true]
        });
        assert_eq!(rounds, 2);
        race(1, &mut || {
            rounds += 1;
            vec![true, true]
        });
        assert_eq!(rounds, 22, "it does not go on for ever");
    }

    /// What the answers do that look and then act, without a lock over both.
    #[test]
    fn who_looks_first_and_acts_then_is_found_out() {
        if thread::available_parallelism().map_or(1, usize::from) < 2 {
            return;
        }
        let (lost, mut rounds) = (Cell::new(0), 0);
        let mut play = || {
            rounds += 1;
            let cells: Vec<_> = (0..1_000).map(|_| AtomicUsize::new(0)).collect();
            let add = |cell: &AtomicUsize| {
                let seen = cell.load(SeqCst);
                cell.store(seen + 1, SeqCst);
                seen == 0
            };
            let played = collide(cells.iter().map(|cell| (cell, cell)), add, add);
            lost.set(lost.get() + played.iter().filter(|(a, b)| *a && *b).count());
            played.iter().map(|(first, _)| *first).collect()
        };
        // With a dozen others that spin on its cores, a race may show nothing.
        for _ in 0..10 {
            race(300, &mut play);
            if lost.get() > 0 {
                break;
            }
        }
        assert!(lost.get() > 0, "after {rounds} rounds");
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
