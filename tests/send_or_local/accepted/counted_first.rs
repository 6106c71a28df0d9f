//! First all pages are counted, then all counts saved; and the jobs in a stream, whichever is done first.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use futures::StreamExt;
use futures::future::{BoxFuture, LocalBoxFuture};
use futures::stream::FuturesUnordered;

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
    let counts: Vec<_> = pages.iter().map(|page| Words::parse(page).different()).collect();
    for count in &counts {
        save(*count).await;
    }
    counts.iter().sum()
}

pub type LocalJob = Box<dyn FnOnce(Rc<Cell<u32>>) -> LocalBoxFuture<'static, ()>>;

pub async fn run_local(jobs: Vec<LocalJob>) -> u32 {
    let counter = Rc::new(Cell::new(0));
    let mut running: FuturesUnordered<_> =
        jobs.into_iter().map(|job| job(counter.clone())).collect();
    while running.next().await.is_some() {}
    counter.get()
}
