//! "The sizes of a folder go into an array; that is faster than a Vec."

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
    let mut found = [0; 8_192];
    let mut count = 0;
    let mut lists = FuturesUnordered::new();
    let list = async |path: String| tree.list(&path).await;
    lists.push(list(root.to_owned()));
    while let Some(entries) = lists.next().await {
        for entry in entries {
            match entry {
                Entry::File(size) => {
                    found[count % found.len()] += size;
                    count += 1;
                }
                Entry::Folder(path) => lists.push(list(path)),
            }
        }
    }
    found.iter().sum()
}
