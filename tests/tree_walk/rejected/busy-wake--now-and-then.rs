//! "Now and then it looks which of them are done."

use futures::FutureExt;
use futures::future::BoxFuture;

/// What lies in a folder.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A file, by its size in bytes.
    File(u64),
    /// A folder, by the path that lists it.
    Folder(String),
}

/// Where folders can be listed.
pub trait Tree: Sync {
    /// What lies in the folder with this path.
    fn list(&self, path: &str) -> impl Future<Output = Vec<Entry>> + Send;
}

/// The size of all files in the folder with the path `root`, and in all folders below.
pub async fn total_size<T: Tree>(tree: &T, root: &str) -> u64 {
    walk(tree, root).await
}

/// Not an `async fn`: its future would have to contain itself. A box has the same size
/// whatever is in it. And this one promises that what is in it is `Send`.
fn walk<'a, T: Tree>(tree: &'a T, path: &'a str) -> BoxFuture<'a, u64> {
    async move {
        let entries = tree.list(path).await;
        let sizes = entries.iter().map(|entry| async move {
            match entry {
                Entry::File(size) => *size,
                Entry::Folder(path) => walk(tree, path).await,
            }
        });
        // All at once: each folder below goes on as soon as it can.
        let mut all: Vec<_> = sizes.map(Box::pin).collect();
        let mut sum = 0;
        loop {
            all.retain_mut(|size| match size.as_mut().now_or_never() {
                Some(size) => {
                    sum += size;
                    false
                }
                None => true,
            });
            if all.is_empty() {
                return sum;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    .boxed()
}
