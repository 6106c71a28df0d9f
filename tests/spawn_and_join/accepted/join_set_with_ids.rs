//! A JoinSet, which aborts by itself; the id of each task leads to its place.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::task::{Id, JoinSet};

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let mut tasks = JoinSet::new();
    let places: HashMap<Id, usize> = urls
        .iter()
        .enumerate()
        .map(|(place, url)| (tasks.spawn(fetch(url.clone())).id(), place))
        .collect();
    let mut pages: Vec<_> =
        urls.into_iter().map(|url| Err(TaskFailed { url, why: String::new() })).collect();
    while let Some(ended) = tasks.join_next_with_id().await {
        let id = ended.as_ref().map_or_else(|error| error.id(), |(id, _)| *id);
        match (ended, &mut pages[places[&id]]) {
            (Ok((_, page)), place) => *place = Ok(page),
            (Err(error), Err(failed)) => failed.why = error.to_string(),
            (Err(_), Ok(_)) => unreachable!("a task ends once"),
        }
    }
    pages
}
