//! The words without an Rc, borrowed from the page, so they may stay; and the jobs polled in turn, by hand.

use std::cell::Cell;
use std::collections::HashSet;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

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
    for page in &pages {
        let words: HashSet<&str> = page.split_whitespace().collect();
        save(words.len()).await;
        sum += words.len();
    }
    sum
}

pub type LocalJob = Box<dyn FnOnce(Rc<Cell<u32>>) -> LocalBoxFuture<'static, ()>>;

pub async fn run_local(jobs: Vec<LocalJob>) -> u32 {
    let counter = Rc::new(Cell::new(0));
    let mut running: Vec<_> = jobs.into_iter().map(|job| job(counter.clone())).collect();
    poll_fn(|cx| {
        running.retain_mut(|job| job.as_mut().poll(cx).is_pending());
        if running.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    counter.get()
}
