//! The sleep of a selector: what ends it, and what the world does meanwhile.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use record::timeline::seconds;

use crate::blame;

/// Ends the sleep of a [`Selector`](super::Selector), from any thread and at any
/// moment. If nobody sleeps, it ends the next sleep before that has begun.
#[derive(Clone, Debug)]
pub struct Notifier(Arc<Ring>);

#[derive(Debug, Default)]
struct Ring {
    has_rung: Mutex<bool>,
    news: Condvar,
}

impl Ring {
    fn locked(&self) -> MutexGuard<'_, bool> {
        self.has_rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notifier {
    /// Ends the sleep, this one or the next. Several calls before that are one.
    pub fn notify(&self) {
        *self.0.locked() = true;
        self.0.news.notify_one();
    }
}

/// The selector's side of its notifiers.
#[derive(Clone, Debug, Default)]
pub(super) struct Bell(Arc<Ring>);

impl Bell {
    pub fn notifier(&self) -> Notifier {
        Notifier(self.0.clone())
    }

    /// Whether it has rung, which is used up by this.
    pub fn has_rung(&self) -> bool {
        std::mem::take(&mut *self.0.locked())
    }

    /// Sleeps until it rings, and does not use it up. False if the time was over first.
    pub fn wait(&self, until: Option<Instant>) -> bool {
        let mut has_rung = self.0.locked();
        while !*has_rung {
            let Some(until) = until else {
                has_rung = self.0.news.wait(has_rung).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.0.news.wait_timeout(has_rung, left);
            has_rung = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

/// A sleep that has been asked for, and has not taken any time yet.
#[derive(Clone, Copy, Debug)]
pub struct Nap {
    /// How long it may last; without end, if this is None.
    pub timeout: Option<Duration>,
}

impl Nap {
    /// Fails the test if the sleep would end by itself before this time.
    #[track_caller]
    pub fn lasts(self, at_least: Duration, pitfall: &str) {
        blame(pitfall)
            .because("short-nap", &[("expected", &seconds(at_least))])
            .unless(self.timeout.is_none_or(|timeout| timeout >= at_least));
    }
}

thread_local! {
    /// The sleep in which the other side goes on, until it was taken notice of.
    static NAP: Cell<Option<Nap>> = const { Cell::new(None) };
}

/// For the other side of a [`Selector`](super::Selector::plays): goes on when the
/// selector is about to sleep the next time, or sleeps on.
///
/// ```
/// # use kit::fake::{Listener, Selector, asleep};
/// let (listener, address) = Listener::open(8);
/// let selector = Selector::new();
/// selector.register(&listener, 0).unwrap();
/// selector.plays(async move {
///     asleep().await;
///     address.connect().unwrap();
/// });
/// assert!(selector.select_for(None)[0].readable);
/// ```
pub async fn asleep() -> Nap {
    poll_fn(|_| NAP.take().map_or(Poll::Pending, Poll::Ready)).await
}

/// What others do while the selector sleeps.
#[derive(Default)]
pub(super) struct OtherSide {
    /// None before it begins and after its end, and while it moves.
    play: RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>>,
    has_begun: Cell<bool>,
}

impl OtherSide {
    pub fn begins(&self, play: Pin<Box<dyn Future<Output = ()>>>) {
        self.has_begun.set(true);
        self.play.replace(Some(play));
    }

    /// Lets it move once. False if there is nobody who does.
    pub fn moves(&self, nap: Nap) -> bool {
        let Some(mut play) = self.play.take() else { return false };
        NAP.set(Some(nap));
        if play.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            self.play.replace(Some(play));
        }
        NAP.set(None);
        true
    }

    /// Whether all that was to happen has happened.
    pub fn has_played(&self) -> bool {
        self.has_begun.get() && self.play.borrow().is_none()
    }
}

impl fmt::Debug for OtherSide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtherSide").field("has_played", &self.has_played()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::fake::{Listener, Selector, Socket};
    use crate::{Log, capture, elsewhere, ms, run_sync, secs};

    #[test]
    fn a_notice_ends_this_sleep_or_the_next_one() {
        let selector = Selector::new();
        let notifier = selector.notifier();
        notifier.notify();
        notifier.notify();
        assert_eq!(selector.select_for(None), []);
        let there = elsewhere(move || notifier.notify());
        assert_eq!(selector.select_for(None), []);
        there.join().unwrap();
    }

    #[test]
    fn a_sleep_lasts_its_time_and_bytes_end_it() {
        let selector = Selector::new();
        let begun = Instant::now();
        assert_eq!(selector.select_for(Some(ms(20))), []);
        assert!(begun.elapsed() >= ms(20));
        let (one, other) = Socket::pair(4);
        selector.register(&one, 7).unwrap();
        selector.plays(async move {
            asleep().await;
            other.write(b"tea").unwrap();
        });
        assert_eq!(selector.select_for(Some(Duration::MAX)).len(), 1);
    }

    #[test]
    fn the_other_side_moves_only_in_sleeps() {
        let selector = Selector::new();
        let (listener, address) = Listener::open(4);
        selector.register(&listener, 7).unwrap();
        let log = Rc::new(Log::new());
        let said = log.clone();
        selector.plays(async move {
            assert_eq!(asleep().await.timeout, None);
            // Nothing has come of it, so the same sleep goes on.
            asleep().await;
            said.add("first");
            let _first = address.connect();
            assert_eq!(asleep().await.timeout, Some(secs(60)));
            said.add("second");
            let _second = address.connect();
        });
        selector.select_for(Some(Duration::ZERO));
        assert_eq!(log.lines(), [""; 0]);
        assert_eq!(selector.select_for(None).len(), 1);
        assert_eq!(log.lines(), ["first"]);
        assert_eq!(selector.select_for(Some(secs(60))).len(), 1);
        assert_eq!(log.lines(), ["first", "second"]);
        // Now it is over, and only short sleeps are left.
        assert_eq!(selector.select_for(Some(ms(1))), []);
    }

    #[test]
    fn who_looks_without_end_or_sleeps_for_ever_is_told() {
        let told = |test: fn(&Selector)| {
            let record = capture(|| {
                run_sync(|| {
                    let selector = Selector::new();
                    selector.plays(async {
                        asleep().await.lasts(secs(60), "cancelled-timer-leak");
                    });
                    test(&selector);
                });
            });
            let diagnosis = record.diagnosis.unwrap();
            (diagnosis.pitfall, diagnosis.facts[0].key.clone())
        };
        let spins = told(|selector| {
            loop {
                selector.select_for(Some(Duration::ZERO));
            }
        });
        assert_eq!(spins, (Some("busy-wake".to_owned()), "select-in-vain".to_owned()));
        let short = told(|selector| drop(selector.select_for(Some(secs(59)))));
        assert_eq!(short, (Some("cancelled-timer-leak".to_owned()), "short-nap".to_owned()));
        let forever = told(|selector| drop(selector.select_for(None)));
        assert_eq!(forever, (None, "sleeps-for-ever".to_owned()));
    }
}
