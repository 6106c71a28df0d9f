//! tree_walk: folders within folders, and a future for each.
//!
//! You know this from asyncio:
//!
//!     async def total_size(tree, path):
//!         sizes = []
//!         for entry in await tree.list(path):
//!             sizes.append(total_size(tree, entry.path) if entry.is_dir else ...)
//!         return sum(await asyncio.gather(*sizes))
//!
//! A coroutine that awaits itself is nothing special in Python: each call makes an
//! object, and a name for it is enough. In Rust an async fn is turned into a value
//! that holds whatever it awaits. If it awaits itself, how big is that value?

/// What lies in a folder.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A file, by its size in bytes.
    File(u64),
    /// A folder, by the path that lists it.
    Folder(String),
}

/// Where folders can be listed: a disk, or a service far away.
pub trait Tree: Sync {
    /// What lies in the folder with this path. It takes its time.
    fn list(&self, path: &str) -> impl Future<Output = Vec<Entry>> + Send;
}

/// The size of all files in the folder with the path `root`, and in all folders below.
///
/// - Each folder is listed once, as soon as the one it lies in has been listed. No folder
///   waits for any other, so it takes as long as the slowest way from the root down.
/// - There may be a thousand folders in one, and a hundred below each other.
/// - Tasks of the runtime may await it: it is `Send`.
/// - The future is small before it is polled: 1 KiB at most.
pub async fn total_size<T: Tree>(tree: &T, root: &str) -> u64 {
    let _ = (tree, root);
    todo!("list, and go on with all folders at once")
}
