//! "All levels add to the same sum."

use std::cell::Cell;
use std::rc::Rc;

use futures::future::{LocalBoxFuture, join_all};

#[derive(Clone, Debug)]
pub enum Entry {
    File(u64),
    Folder(String),
}

pub trait Tree: Sync {
    fn list(&self, path: &str) -> impl Future<Output = Vec<Entry>> + Send;
}

pub async fn total_size<T: Tree>(tree: &T, root: &str) -> u64 {
    let sum = Rc::new(Cell::new(0));
    walk(tree, root.to_owned(), sum.clone()).await;
    sum.get()
}

fn walk<T: Tree>(tree: &T, path: String, sum: Rc<Cell<u64>>) -> LocalBoxFuture<'_, ()> {
    Box::pin(async move {
        let mut folders = Vec::new();
        for entry in tree.list(&path).await {
            match entry {
                Entry::File(size) => sum.set(sum.get() + size),
                Entry::Folder(path) => folders.push(walk(tree, path, sum.clone())),
            }
        }
        join_all(folders).await;
    })
}
