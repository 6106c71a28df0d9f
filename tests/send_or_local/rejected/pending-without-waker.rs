//! "I only want to know whether they are ready": asked with a waker that wakes nobody.

use std::cell::Cell;
use std::collections::HashSet;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures::future::{BoxFuture, LocalBoxFuture};

pub struct Words(Vec<Rc<str>>);

impl Words {
    pub fn parse(page: &str) -> Self {
        Words(page.split_whitespace().map(Rc::from).collect())
    }

    pub fn different(&self) -> usize {
        self.0.iter().collect::<HashSet<_>>().len()
    }
}

pub type Save = Arc<dyn Fn(usize) -> BoxFuture<'static, ()> + Send + Sync>;

pub async fn tally(pages: Vec<String>, save: Save) -> usize {
    let mut sum = 0;
    for page in pages {
        let different = Words::parse(&page).different();
        sum += different;
        save(different).await;
    }
    sum
}

pub type LocalJob = Box<dyn FnOnce(Rc<Cell<u32>>) -> LocalBoxFuture<'static, ()>>;

pub async fn run_local(jobs: Vec<LocalJob>) -> u32 {
    let counter = Rc::new(Cell::new(0));
    let mut running: Vec<_> = jobs.into_iter().map(|job| job(counter.clone())).collect();
    poll_fn(|_| {
        let mut cx = Context::from_waker(Waker::noop());
        running.retain_mut(|job| job.as_mut().poll(&mut cx).is_pending());
        if running.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    counter.get()
}
