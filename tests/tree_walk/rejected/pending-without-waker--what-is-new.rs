//! "A list of what is under way, and what is found goes in, for the next poll."

use std::future::poll_fn;
use std::task::Poll;

use futures::FutureExt;
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
    let mut under_way = vec![list(tree, root.to_owned())];
    let mut sum = 0;
    poll_fn(move |cx| {
        let mut found = Vec::new();
        under_way.retain_mut(|listing| match listing.poll_unpin(cx) {
            Poll::Ready(entries) => {
                found.extend(entries);
                false
            }
            Poll::Pending => true,
        });
        for entry in found {
            match entry {
                Entry::File(size) => sum += size,
                Entry::Folder(path) => under_way.push(list(tree, path)),
            }
        }
        if under_way.is_empty() { Poll::Ready(sum) } else { Poll::Pending }
    })
    .await
}

fn list<T: Tree>(tree: &T, path: String) -> BoxFuture<'_, Vec<Entry>> {
    async move { tree.list(&path).await }.boxed()
}
