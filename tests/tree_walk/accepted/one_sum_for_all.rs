//! Right: boxed recursion with one sum, that all levels add to.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::join_all;

#[derive(Clone, Debug)]
pub enum Entry {
    File(u64),
    Folder(String),
}

pub trait Tree: Sync {
    fn list(&self, path: &str) -> impl Future<Output = Vec<Entry>> + Send;
}

pub async fn total_size<T: Tree>(tree: &T, root: &str) -> u64 {
    let sum = AtomicU64::new(0);
    walk(tree, root.to_owned(), &sum).await;
    sum.load(Ordering::Relaxed)
}

fn walk<'a, T: Tree>(
    tree: &'a T,
    path: String,
    sum: &'a AtomicU64,
) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    Box::pin(async move {
        let mut below = Vec::new();
        for entry in tree.list(&path).await {
            match entry {
                Entry::File(size) => drop(sum.fetch_add(size, Ordering::Relaxed)),
                Entry::Folder(path) => below.push(walk(tree, path, sum)),
            }
        }
        join_all(below).await;
    })
}
