//! "A list of what is to be done, and no recursion."

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
    let mut to_do = vec![root.to_owned()];
    while let Some(path) = to_do.pop() {
        for entry in tree.list(&path).await {
            match entry {
                Entry::File(more) => size += more,
                Entry::Folder(path) => to_do.push(path),
            }
        }
    }
    size
}
