//! "An async fn may not call itself, but a plain one may."

use futures::executor::block_on;
use futures::future::BoxFuture;

#[derive(Clone, Debug)]
pub enum Entry {
    File(u64),
    Folder(String),
}

pub trait Tree: Sync {
    fn list(&self, path: &str) -> impl Future<Output = Vec<Entry>> + Send;
}

pub async fn total_size<T: Tree>(tree: &T, root: &str) -> u64 {
    let mut size = 0;
    for entry in tree.list(root).await {
        size += match entry {
            Entry::File(size) => size,
            Entry::Folder(path) => below(tree, &path),
        };
    }
    size
}

fn below<T: Tree>(tree: &T, path: &str) -> u64 {
    block_on(Box::pin(total_size(tree, path)) as BoxFuture<'_, u64>)
}
