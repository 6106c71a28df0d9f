//! Each side has a bell of its own: ask only those that have rung it since they were asked.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    let parent = Arc::new(Mutex::new(None));
    Join2 { a: Side::of(a, &parent), b: Side::of(b, &parent), parent }
}

struct Bell {
    rung: AtomicBool,
    parent: Arc<Mutex<Option<Waker>>>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, SeqCst);
        let parent = self.parent.lock().unwrap().clone();
        if let Some(parent) = parent {
            parent.wake();
        }
    }
}

struct Side<F: Future> {
    future: Option<Pin<Box<F>>>,
    value: Option<F::Output>,
    bell: Arc<Bell>,
}

impl<F: Future> Side<F> {
    fn of(future: F, parent: &Arc<Mutex<Option<Waker>>>) -> Self {
        let bell = Arc::new(Bell { rung: AtomicBool::new(true), parent: parent.clone() });
        Side { future: Some(Box::pin(future)), value: None, bell }
    }

    fn ask(&mut self) {
        if let Some(future) = &mut self.future
            && self.bell.rung.load(SeqCst)
        {
            let waker = Waker::from(self.bell.clone());
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                self.future = None;
                self.value = Some(value);
            }
            self.bell.rung.store(false, SeqCst);
        }
    }
}

#[must_use]
pub struct Join2<A: Future, B: Future> {
    a: Side<A>,
    b: Side<B>,
    parent: Arc<Mutex<Option<Waker>>>,
}

impl<A: Future, B: Future> Unpin for Join2<A, B> {}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        *this.parent.lock().unwrap() = Some(cx.waker().clone());
        this.a.ask();
        this.b.ask();
        if this.a.value.is_some() && this.b.value.is_some() {
            return Poll::Ready((this.a.value.take().unwrap(), this.b.value.take().unwrap()));
        }
        Poll::Pending
    }
}
