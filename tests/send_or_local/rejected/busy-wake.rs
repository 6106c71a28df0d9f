//! "When I have the only share of the counter they are done": it asks again and again.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use futures::future::{BoxFuture, LocalBoxFuture};
use tokio::task::{LocalSet, yield_now};

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
    let set = LocalSet::new();
    for job in jobs {
        set.spawn_local(job(counter.clone()));
    }
    set.run_until(async {
        while Rc::strong_count(&counter) > 1 {
            yield_now().await;
        }
    })
    .await;
    counter.get()
}
