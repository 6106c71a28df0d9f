//! "A server has only so many connections. A thousand at a time will do."

use futures::future::{BoxFuture, join_all};
use tokio::sync::Semaphore;

#[derive(Clone, Debug)]
pub enum Entry {
    File(u64),
    Folder(String),
}

pub trait Tree: Sync {
    fn list(&self, path: &str) -> impl Future<Output = Vec<Entry>> + Send;
}

pub async fn total_size<T: Tree>(tree: &T, root: &str) -> u64 {
    walk(tree, root, &Semaphore::new(1_024)).await
}

fn walk<'a, T: Tree>(tree: &'a T, path: &'a str, calls: &'a Semaphore) -> BoxFuture<'a, u64> {
    Box::pin(async move {
        let call = calls.acquire().await;
        let entries = tree.list(path).await;
        drop(call);
        let sizes = entries.iter().map(async |entry| match entry {
            Entry::File(size) => *size,
            Entry::Folder(path) => walk(tree, path, calls).await,
        });
        join_all(sizes).await.into_iter().sum()
    })
}
