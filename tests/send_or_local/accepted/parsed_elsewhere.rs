//! The words never leave the thread that parses them; and each job joined with all that come after it.

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

pub async fn tally(pages: Vec<String>, save: Save) -> usize {
    let mut sum = 0;
    for page in pages {
        let parsed = tokio::task::spawn_blocking(move || Words::parse(&page).different());
        let different = parsed.await.unwrap();
        sum += different;
        save(different).await;
    }
    sum
}

pub type LocalJob = Box<dyn FnOnce(Rc<Cell<u32>>) -> LocalBoxFuture<'static, ()>>;

fn all_of(mut jobs: Vec<LocalJob>, counter: Rc<Cell<u32>>) -> LocalBoxFuture<'static, ()> {
    Box::pin(async move {
        let Some(job) = jobs.pop() else { return };
        tokio::join!(job(counter.clone()), all_of(jobs, counter));
    })
}

pub async fn run_local(jobs: Vec<LocalJob>) -> u32 {
    let counter = Rc::new(Cell::new(0));
    all_of(jobs, counter.clone()).await;
    counter.get()
}
