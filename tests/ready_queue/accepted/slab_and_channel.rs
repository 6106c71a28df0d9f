//! Tasks in a slab whose places are used again, and a channel from the wakers to
//! the loop. The channel is what it sleeps on.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Wake, Waker};

struct Call {
    place: usize,
    waits: AtomicBool,
    calls: Sender<Arc<Call>>,
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        if self.waits.swap(false, SeqCst) {
            // Nobody listens? Then nobody is to be woken.
            let _ = self.calls.send(self.clone());
        }
    }
}

enum Place {
    Free,
    Polled(Arc<Call>),
    Waits(Arc<Call>, Pin<Box<dyn Future<Output = ()>>>),
}

struct Slab {
    places: RefCell<Vec<Place>>,
    sender: Sender<Arc<Call>>,
    receiver: Receiver<Arc<Call>>,
}

#[derive(Clone)]
pub struct Loop(Rc<Slab>);

thread_local! {
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

struct Busy;

impl Busy {
    fn begins() -> Self {
        assert!(!BUSY.replace(true), "no loop inside a loop");
        Busy
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.set(false);
    }
}

impl Slab {
    fn is_at(&self, call: &Arc<Call>) -> bool {
        match &self.places.borrow()[call.place] {
            Place::Free => false,
            Place::Polled(here) | Place::Waits(here, _) => Arc::ptr_eq(here, call),
        }
    }

    fn free(&self, call: &Arc<Call>) -> Place {
        if !self.is_at(call) {
            return Place::Free;
        }
        std::mem::replace(&mut self.places.borrow_mut()[call.place], Place::Free)
    }

    fn turn(&self, call: Arc<Call>) {
        let mut future = {
            let mut places = self.places.borrow_mut();
            match std::mem::replace(&mut places[call.place], Place::Free) {
                Place::Waits(here, future) if Arc::ptr_eq(&here, &call) => {
                    places[call.place] = Place::Polled(here);
                    future
                }
                other => {
                    places[call.place] = other;
                    return;
                }
            }
        };
        call.waits.store(true, SeqCst);
        let waker = Waker::from(call.clone());
        let ready = future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
        if ready {
            drop(self.free(&call));
        } else if self.is_at(&call) {
            self.places.borrow_mut()[call.place] = Place::Waits(call.clone(), future);
        }
    }
}

impl Loop {
    pub fn new() -> Self {
        let (sender, receiver) = channel();
        Loop(Rc::new(Slab { places: RefCell::default(), sender, receiver }))
    }

    pub fn alive(&self) -> usize {
        self.0.places.borrow().iter().filter(|place| !matches!(place, Place::Free)).count()
    }

    pub fn spawn<F>(&self, task: F) -> Handle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let (sets, end) = futures::channel::oneshot::channel();
        let future = Box::pin(async move {
            // Who has dropped the handle does not want to know.
            let _ = sets.send(task.await);
        });
        let mut places = self.0.places.borrow_mut();
        let free = places.iter().position(|place| matches!(place, Place::Free));
        let place = free.unwrap_or(places.len());
        let calls = self.0.sender.clone();
        let call = Arc::new(Call { place, waits: AtomicBool::new(true), calls });
        let taken = Place::Waits(call.clone(), future);
        match free {
            Some(place) => places[place] = taken,
            None => places.push(taken),
        }
        call.clone().wake();
        Handle { end, call, slab: Rc::downgrade(&self.0) }
    }

    pub fn block_on<F>(&self, main: F) -> F::Output
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let busy = Busy::begins();
        let mut main = self.spawn(main);
        let output = loop {
            let call = self.0.receiver.recv().expect("the slab has a sender itself");
            self.0.turn(call);
            if let Ok(Some(output)) = main.end.try_recv() {
                break output;
            }
        };
        let mut place = 0;
        while place < self.0.places.borrow().len() {
            let left = std::mem::replace(&mut self.0.places.borrow_mut()[place], Place::Free);
            match left {
                Place::Free => place += 1,
                // Its drop may fill a place that was free.
                left => (place, _) = (0, drop(left)),
            }
        }
        drop(busy);
        output
    }
}

pub struct Handle<T> {
    end: futures::channel::oneshot::Receiver<T>,
    call: Arc<Call>,
    slab: Weak<Slab>,
}

impl<T> Handle<T> {
    pub fn abort(&self) {
        if let Some(slab) = self.slab.upgrade() {
            drop(slab.free(&self.call));
        }
    }
}

impl<T> Future for Handle<T> {
    type Output = Result<T, Cancelled>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.end).poll(cx).map_err(|_| Cancelled)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
