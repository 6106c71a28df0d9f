//! Wakers that tell.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use record::Kind;

use crate::recorder::{self, Recorder};

/// A waker that counts how often it is woken, and the count.
pub fn counting_waker(label: &str) -> (WakeCount, Waker) {
    let inner = Arc::new(Counter {
        label: label.to_owned(),
        wakes: AtomicUsize::new(0),
        recorder: recorder::current(),
    });
    (WakeCount(inner.clone()), inner.into())
}

/// What a [`counting_waker`] has counted.
#[derive(Clone)]
pub struct WakeCount(Arc<Counter>);

impl WakeCount {
    /// How often it was woken.
    pub fn wakes(&self) -> usize {
        self.0.wakes.load(SeqCst)
    }

    /// How many clones of the waker are alive, the one that
    /// [`counting_waker`] returned among them.
    pub fn wakers(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }
}

struct Counter {
    label: String,
    wakes: AtomicUsize,
    recorder: Option<Arc<Recorder>>,
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wakes.fetch_add(1, SeqCst);
        if let Some(recorder) = &self.recorder {
            recorder.event(&self.label, Kind::Woken);
        }
    }
}

/// A waker that runs `on_wake` inside `wake`, as an executor may that polls at once.
pub fn inline_waker(on_wake: impl Fn() + Send + Sync + 'static) -> Waker {
    inline(Box::new(on_wake))
}

fn inline(on_wake: Box<dyn Fn() + Send + Sync>) -> Waker {
    struct Inline(Box<dyn Fn() + Send + Sync>);
    impl Wake for Inline {
        fn wake(self: Arc<Self>) {
            (self.0)();
        }
    }
    Arc::new(Inline(on_wake)).into()
}

/// Polls once, with this waker.
pub fn poll_with<F: Future + ?Sized>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}
