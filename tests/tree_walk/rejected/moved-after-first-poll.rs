//! "A box, so that the size is known."

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
    walk(tree, root).await
}

fn walk<'a, T: Tree>(tree: &'a T, path: &'a str) -> Box<dyn Future<Output = u64> + Send + 'a> {
    Box::new(async move {
        let entries = tree.list(path).await;
        let sizes = entries.iter().map(async |entry| match entry {
            Entry::File(size) => *size,
            Entry::Folder(path) => walk(tree, path).await,
        });
        join_all(sizes).await.into_iter().sum()
    })
}
