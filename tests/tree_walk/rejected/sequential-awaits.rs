//! "In a box, and then it is a loop like any other."

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
    walk(tree, root.to_owned()).await
}

fn walk<T: Tree>(tree: &T, path: String) -> BoxFuture<'_, u64> {
    Box::pin(async move {
        let mut size = 0;
        for entry in tree.list(&path).await {
            size += match entry {
                Entry::File(size) => size,
                Entry::Folder(path) => walk(tree, path).await,
            };
        }
        size
    })
}
