//! "The walk calls the folder, and the folder calls the walk: neither calls itself."

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
        size += size_of_entry(tree, entry).await;
    }
    size
}

async fn size_of_entry<T: Tree>(tree: &T, entry: Entry) -> u64 {
    match entry {
        Entry::File(size) => size,
        Entry::Folder(path) => total_size(tree, &path).await,
    }
}
