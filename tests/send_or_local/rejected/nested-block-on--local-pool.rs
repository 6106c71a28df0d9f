//! "futures has a pool for local tasks": it is an executor, and blocks.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use futures::executor::LocalPool;
use futures::future::{BoxFuture, LocalBoxFuture};
use futures::task::LocalSpawnExt;

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
    let mut pool = LocalPool::new();
    for job in jobs {
        pool.spawner().spawn_local(job(counter.clone())).unwrap();
    }
    pool.run();
    counter.get()
}
