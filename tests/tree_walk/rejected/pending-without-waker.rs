//! "The sum is kept, and given at the next poll."

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use futures::future::{BoxFuture, join_all};

#[derive(Clone, Debug)]
pub enum Entry {
    File(u64),
    Folder(String),
}

pub trait Tree: Sync {
    fn list(&self, path: &str) -> impl Future<Output = Vec<Entry>> + Send;
}

pub async fn total_size<T: Tree>(tree: &T, root: &str) -> u64 {
    let mut walk = pin!(walk(tree, root));
    let mut sum = None;
    poll_fn(move |cx| match sum {
        Some(sum) => Poll::Ready(sum),
        None => {
            if let Poll::Ready(all) = walk.as_mut().poll(cx) {
                sum = Some(all);
            }
            Poll::Pending
        }
    })
    .await
}

fn walk<'a, T: Tree>(tree: &'a T, path: &'a str) -> BoxFuture<'a, u64> {
    Box::pin(async move {
        let entries = tree.list(path).await;
        let sizes = entries.iter().map(async |entry| match entry {
            Entry::File(size) => *size,
            Entry::Folder(path) => walk(tree, path).await,
        });
        join_all(sizes).await.into_iter().sum()
    })
}
