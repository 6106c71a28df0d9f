//! Right: a stream of what a folder holds, as wide as need be, within each box.

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use futures::stream::{self, StreamExt};

#[derive(Clone, Debug)]
pub enum Entry {
    File(u64),
    Folder(String),
}

pub trait Tree: Sync {
    fn list(&self, path: &str) -> impl Future<Output = Vec<Entry>> + Send;
}

pub async fn total_size<T: Tree>(tree: &T, root: &str) -> u64 {
    walk(tree, root.to_owned()).await
}

fn walk<T: Tree>(tree: &T, path: String) -> BoxFuture<'_, u64> {
    let entries = async move { stream::iter(tree.list(&path).await) };
    let sizes = entries.flatten_stream().map(move |entry| match entry {
        Entry::File(size) => ready(size).boxed(),
        Entry::Folder(path) => walk(tree, path),
    });
    sizes.buffer_unordered(usize::MAX).fold(0, |sum, size| ready(sum + size)).boxed()
}
