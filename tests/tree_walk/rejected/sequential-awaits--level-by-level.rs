//! "First all folders of one level, then all of the next."

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
    let mut size = 0;
    let mut level = vec![root.to_owned()];
    while !level.is_empty() {
        let lists = join_all(level.iter().map(|path| tree.list(path))).await;
        level.clear();
        for entry in lists.into_iter().flatten() {
            match entry {
                Entry::File(more) => size += more,
                Entry::Folder(path) => level.push(path),
            }
        }
    }
    size
}
