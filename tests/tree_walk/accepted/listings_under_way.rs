//! Right: no recursion; a set of listings under way, and each that is done puts in more.

use futures::stream::{FuturesUnordered, StreamExt};

#[derive(Clone, Debug)]
pub enum Entry {
    File(u64),
    Folder(String),
}

pub trait Tree: Sync {
    fn list(&self, path: &str) -> impl Future<Output = Vec<Entry>> + Send;
}

pub async fn total_size<T: Tree>(tree: &T, root: &str) -> u64 {
    let list = |path: String| async move { tree.list(&path).await };
    let mut lists = FuturesUnordered::new();
    lists.push(list(root.to_owned()));
    let mut size = 0;
    while let Some(entries) = lists.next().await {
        for entry in entries {
            match entry {
                Entry::File(more) => size += more,
                Entry::Folder(path) => lists.push(list(path)),
            }
        }
    }
    size
}
