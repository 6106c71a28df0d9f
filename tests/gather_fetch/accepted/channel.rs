//! Requests that post their pages into a channel, and one reader, all in one future.

use std::time::Duration;

use futures::future::{join, join_all};
use tokio::sync::mpsc;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut pages = vec![String::new(); reqs.len()];
    numbered(reqs, |i, page| pages[i] = page).await;
    pages
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    numbered(reqs, |_, page| on_done(page)).await;
}

async fn numbered(reqs: &[(&str, Duration)], mut on_done: impl FnMut(usize, String)) {
    // One sender a request and none beside them: the channel ends with the last.
    let (post, mut pages) = mpsc::unbounded_channel();
    let posts = vec![post; reqs.len()];
    let requests =
        reqs.iter().zip(posts).enumerate().map(|(i, ((name, delay), post))| async move {
            let page = fetch_data(name, *delay).await;
            let _ = post.send((i, page)); // the reader outlives its requests
        });
    let reader = async {
        while let Some((i, page)) = pages.recv().await {
            on_done(i, page);
        }
    };
    join(join_all(requests), reader).await;
}
