//! The tasks report over a channel; whoever is missing in the end has panicked. A guard aborts them.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle};

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

struct AbortAll(Vec<AbortHandle>);

impl Drop for AbortAll {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}

async fn report(
    task: JoinHandle<String>,
    place: usize,
    sender: mpsc::Sender<(usize, Result<String, String>)>,
) {
    let ended = task.await.map_err(|error| error.to_string());
    let _ = sender.send((place, ended)).await;
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let (sender, mut receiver) = mpsc::channel(1);
    let mut guard = AbortAll(Vec::new());
    for (place, url) in urls.iter().enumerate() {
        let task = tokio::spawn(fetch(url.clone()));
        guard.0.push(task.abort_handle());
        let reporter = tokio::spawn(report(task, place, sender.clone()));
        guard.0.push(reporter.abort_handle());
    }
    drop(sender);
    let mut ended: Vec<_> = urls.iter().map(|_| None).collect();
    while let Some((place, page)) = receiver.recv().await {
        ended[place] = Some(page);
    }
    let ended = ended.into_iter().map(|page| page.expect("each task has a reporter"));
    urls.into_iter()
        .zip(ended)
        .map(|(url, page)| page.map_err(|why| TaskFailed { url, why }))
        .collect()
}
