//! Right: join_all keeps its futures on the heap, so no further box is needed.

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
    let entries = tree.list(root).await;
    let sizes = entries.iter().map(async |entry| match entry {
        Entry::File(size) => *size,
        Entry::Folder(path) => total_size(tree, path).await,
    });
    join_all(sizes).await.into_iter().sum()
}
