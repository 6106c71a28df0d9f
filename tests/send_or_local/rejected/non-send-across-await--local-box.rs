//! "In a box it will do": in a box for futures that stay where they are.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

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

pub fn tally(pages: Vec<String>, save: Save) -> LocalBoxFuture<'static, usize> {
    Box::pin(async move {
        let mut sum = 0;
        for page in pages {
            let words = Words::parse(&page);
            sum += words.different();
            save(words.different()).await;
        }
        sum
    })
}

pub type LocalJob = Box<dyn FnOnce(Rc<Cell<u32>>) -> LocalBoxFuture<'static, ()>>;

pub async fn run_local(jobs: Vec<LocalJob>) -> u32 {
    let counter = Rc::new(Cell::new(0));
    futures::future::join_all(jobs.into_iter().map(|job| job(counter.clone()))).await;
    counter.get()
}
