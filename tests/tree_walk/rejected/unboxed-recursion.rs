//! "It is the same for the folders in it, so it calls itself."

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
            Entry::Folder(path) => total_size(tree, &path).await,
        };
    }
    size
}
