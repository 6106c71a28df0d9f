//! A JoinSet of local tasks inside run_until, where spawn_local is at home; and the saves as tasks, each awaited.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use futures::future::{BoxFuture, LocalBoxFuture};
use tokio::task::{JoinSet, LocalSet};

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
        let different = {
            let words = Words::parse(&page);
            words.different()
        };
        sum += different;
        tokio::spawn(save(different)).await.unwrap();
    }
    sum
}

pub type LocalJob = Box<dyn FnOnce(Rc<Cell<u32>>) -> LocalBoxFuture<'static, ()>>;

pub async fn run_local(jobs: Vec<LocalJob>) -> u32 {
    let counter = Rc::new(Cell::new(0));
    let shares = counter.clone();
    LocalSet::new()
        .run_until(async move {
            let mut tasks = JoinSet::new();
            for job in jobs {
                tasks.spawn_local(job(shares.clone()));
            }
            tasks.join_all().await;
        })
        .await;
    counter.get()
}
